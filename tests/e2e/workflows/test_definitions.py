"""The definitions that are deployed, as Step Functions itself reads them."""

from collections.abc import Callable
from typing import Any


def test_every_definition_is_valid(outputs: dict[str, Any], aws: Callable[[str], Any]) -> None:
    steps = aws("stepfunctions")
    for name, arn in outputs["state_machines"].items():
        machine = steps.describe_state_machine(stateMachineArn=arn)
        found = steps.validate_state_machine_definition(
            definition=machine["definition"], type=machine["type"], severity="WARNING"
        )
        assert (found["result"], found["diagnostics"]) == ("OK", []), name


def test_a_definition_that_is_none_is_told(aws: Callable[[str], Any]) -> None:
    found = aws("stepfunctions").validate_state_machine_definition(
        definition='{"StartAt": "Here", "States": {"Here": {"Type": "Nothing"}}}'
    )
    assert found["result"] == "FAIL"
    assert found["diagnostics"]
