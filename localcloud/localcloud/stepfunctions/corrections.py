"""What LocalStack's Step Functions does otherwise from here on."""

from localcloud.stepfunctions import executions, parsing, tasks


def apply() -> None:
    """Apply the corrections, once."""
    for module in (executions, parsing, tasks):
        module.apply()
