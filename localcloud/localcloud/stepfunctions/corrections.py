"""What LocalStack's Step Functions does otherwise from here on."""

from localcloud.stepfunctions import executions, jsonata, parsing, tasks


def apply() -> None:
    """Apply the corrections, once."""
    for module in (executions, jsonata, parsing, tasks):
        module.apply()
