"""Machines like the deployed one, but for who may have texts and how many."""

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from contract.rendering import state_machine
from support.system import poll


@pytest.fixture
def machines(
    outputs: dict[str, Any], aws: Callable[[str], Any], texts_to: Callable[[str], list[str]]
) -> Iterator[Callable[..., str]]:
    """Make machines of the module's definition with a `text_messages` and a `texts_per_day` of their own.

    They have the deployed one's role, and go when the test ends. They are of use where texts can be read:
    `texts_to` skips elsewhere.
    """
    steps = aws("stepfunctions")
    deployed = steps.describe_state_machine(stateMachineArn=outputs["report_dragon_arn"])
    states = json.loads(deployed["definition"])["States"]
    names = {
        "validate_dragon_arn": states["ValidateDragon"]["Parameters"]["FunctionName"],
        "table_name": outputs["dragons_table"],
        "texts_table": outputs["texts_table"],
        "event_bus": outputs["event_bus"],
        "family_index": states["FindFamily"]["Parameters"]["IndexName"],
        "reviews_queue_url": outputs["queues"]["open_review"],
    }
    with ExitStack() as made:

        def make(text_messages: str, texts_per_day: int, **others: str) -> str:
            arn: str = steps.create_state_machine(
                name=f"e2e-{uuid.uuid4()}",
                definition=state_machine(text_messages, texts_per_day, **names | others),
                roleArn=deployed["roleArn"],
            )["stateMachineArn"]
            made.callback(steps.delete_state_machine, stateMachineArn=arn)
            return arn

        yield make


@pytest.fixture
def execute(aws: Callable[[str], Any]) -> Callable[[str, dict[str, Any]], dict[str, Any]]:
    """Run a machine, and read the output of an execution that succeeds."""
    steps = aws("stepfunctions")

    def run(machine: str, given: dict[str, Any]) -> dict[str, Any]:
        arn = steps.start_execution(stateMachineArn=machine, input=json.dumps(given))["executionArn"]

        def ended() -> dict[str, Any] | None:
            execution: dict[str, Any] = steps.describe_execution(executionArn=arn)
            return None if execution["status"] == "RUNNING" else execution

        execution = poll(ended, "the execution to end")
        assert execution["status"] == "SUCCEEDED", execution
        output: dict[str, Any] = json.loads(execution["output"])
        return output

    return run
