"""What happens when a function dies, or a record cannot be read."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from support.cloud_process import processes_of
from support.system import Api, Make, poll


def test_a_function_killed_in_the_middle_of_a_report_is_retried(
    api: Api,
    make_report: Make,
    know: Callable[[str], str],
    outputs: dict[str, Any],
    aws: Callable[[str], Any],
) -> None:
    function = outputs["functions"]["validate_dragon"].split(":")[6]
    api.accepted(make_report())
    if not list(processes_of(function)):
        pytest.skip("the target does not run its functions as processes of this machine")
    states = aws("stepfunctions")
    executions = outputs["report_dragon_arn"].replace(":stateMachine:", ":execution:")
    family = know(f"e2e-{uuid.uuid4()}")
    keys: list[str] = []

    def a_report_lost_its_function() -> bool | None:
        """Report a dragon, kill whatever validates, and look whether it hit a report."""
        keys.append(f"e2e-{uuid.uuid4().hex}")
        assert api.post(make_report(family=family), keys[-1]).status_code == 202
        for process in processes_of(function):
            process.kill()
        histories = [
            states.get_execution_history(executionArn=f"{executions}:{api.report_id(key)}")
            for key in keys[-3:]
        ]
        failed = [
            event for history in histories for event in history["events"] if event["type"] == "TaskFailed"
        ]
        assert {event["taskFailedEventDetails"]["error"] for event in failed} <= {"Runtime.ExitError"}
        return True if failed else None

    poll(a_report_lost_its_function, "a kill to hit a function at work")
    assert {api.outcome(api.report_id(key))["status"] for key in keys} == {"SUCCEEDED"}
    assert len(api.wait_listed(len(keys) + 1, family=family)) == len(keys) + 1


def test_a_record_that_cannot_be_read_ends_in_the_dead_letter_queue_and_no_other_does(
    api: Api, make_report: Make, outputs: dict[str, Any], aws: Callable[[str], Any]
) -> None:
    broken = make_report()["dragonName"]
    aws("dynamodb").put_item(
        TableName=outputs["dragons_table"],
        Item={"dragon_name_str": {"S": broken}, "description_str": {"S": "of no family"}},
    )
    report = make_report()
    assert api.accepted(report)["status"] == "SUCCEEDED"
    name, family = report["dragonName"], report["family"]

    def is_listed() -> bool | None:
        return name in {dragon["dragon_name_str"] for dragon in api.listed(family=family)} or None

    poll(is_listed, f"{name} to be listed")
    queue, url = aws("sqs"), outputs["dead_letter_queues"]["write_dataset"]

    def dead_letter() -> dict[str, Any] | None:
        found = queue.receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages", [])
        for message in found:
            queue.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return json.loads(found[0]["Body"]) if found else None

    letter = poll(dead_letter, "the record to reach the dead-letter queue")
    assert letter["requestContext"]["functionArn"] == outputs["functions"]["write_dataset"]
