"""What the executor changes in LocalStack's Lambda service, applied as LocalStack starts."""

from localcloud.executor.operations import correct_api
from localcloud.executor.process_queue import cap_processes
from localcloud.executor.replaced_versions import let_invocations_end
from localcloud.executor.stream_batches import bisect_failed_batches


def correct_lambda() -> None:
    """Apply the corrections, once, before the Lambda service is first used."""
    cap_processes()
    bisect_failed_batches()
    let_invocations_end()
    correct_api()
