"""What the executor changes in LocalStack's Lambda service, applied as LocalStack starts."""

from localcloud.executor import metrics
from localcloud.executor.asynchronous import configure_aliases
from localcloud.executor.operations import correct_api
from localcloud.executor.process_queue import cap_processes
from localcloud.executor.recursion import stop_loops
from localcloud.executor.replaced_versions import let_invocations_end
from localcloud.executor.stream_batches import bisect_failed_batches
from localcloud.upkeep.schedule import every_second


def apply() -> None:
    """Apply the corrections, once, before the Lambda service is first used."""
    cap_processes()
    bisect_failed_batches()
    let_invocations_end()
    correct_api()
    configure_aliases()
    stop_loops()
    metrics.apply()
    every_second(metrics.write)
