"""What LocalStack's Step Functions does otherwise from here on."""

from localcloud.stepfunctions import activities, callbacks, executions, jobs, jsonata, parsing, tasks


def apply() -> None:
    """Apply the corrections, once."""
    for module in (activities, callbacks, executions, jobs, jsonata, parsing, tasks):
        module.apply()
