"""`GET /dragons/summary`: an Express workflow that its caller waits for."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from dragons.fields import RECORD_NAMES
from support.system import Api, Make, poll

Aws = Callable[[str], Any]


def summary(api: Api) -> dict[str, dict[str, int]]:
    answer = api.get("/dragons/summary")
    assert answer.status_code == 200, answer.text
    found: dict[str, dict[str, int]] = answer.json()
    assert list(found) == ["families", "countries"]
    return found


def told(api: Api, kind: str, name: str) -> bool | None:
    return summary(api)[kind].get(name) == 1 or None


def test_a_dragon_counts_while_it_is_there_whatever_its_texts(
    api: Api, make_report: Make, outputs: dict[str, Any], aws: Aws
) -> None:
    hostile = f"e2e-{uuid.uuid4()} \"'#\\ {{% $states %}} \u0000é𐍈"
    report = make_report(family=hostile, country=hostile)
    aws("dynamodb").put_item(  # by hand: a report of a new family would wait for a reviewer
        TableName=outputs["dragons_table"],
        Item={record: {"S": report[field]} for field, record in RECORD_NAMES.items()},
    )
    for kind in ("families", "countries"):
        poll(partial(told, api, kind, hostile), f"the dragon in {kind}")
        assert told(api, kind, hostile)  # read again: reading changes nothing
    aws("dynamodb").delete_item(
        TableName=outputs["dragons_table"], Key={"dragon_name_str": {"S": report["dragonName"]}}
    )
    poll(lambda: hostile not in summary(api)["families"] or None, "the family to be gone with its dragon")
    for tally in (f"family#{hostile}", f"country#{hostile}"):
        aws("dynamodb").delete_item(TableName=outputs["tallies_table"], Key={"tally": {"S": tally}})


def test_of_more_than_a_page_all_are_told_and_the_most_come_first(
    api: Api, outputs: dict[str, Any], aws: Aws
) -> None:
    prefix = f"e2e-{uuid.uuid4()}"
    keys = [{"tally": {"S": f"country#{prefix}-{number}"}} for number in range(75)]
    counts = {"kind": {"S": "country"}, "dragons": {"N": "2"}}
    table = outputs["tallies_table"]
    try:
        write(aws, table, [{"PutRequest": {"Item": key | counts}} for key in keys])
        expected = {f"{prefix}-{number}": 2 for number in range(75)}

        def all_of_them() -> dict[str, int] | None:
            countries = summary(api)["countries"]
            assert list(countries.values()) == sorted(countries.values(), reverse=True)
            own = {name: number for name, number in countries.items() if name.startswith(prefix)}
            return own if len(own) == len(keys) else None

        assert poll(all_of_them, "every country in the summary") == expected
    finally:
        write(aws, table, [{"DeleteRequest": {"Key": key}} for key in keys])


def write(aws: Aws, table: str, requests: list[dict[str, Any]]) -> None:
    for start in range(0, len(requests), 25):
        aws("dynamodb").batch_write_item(RequestItems={table: requests[start : start + 25]})


def test_a_browser_may_ask_and_nobody_else_is_told_that_it_may(api: Api, allowed_origin: str) -> None:
    answer = api.request("OPTIONS", "/dragons/summary", headers={"Origin": allowed_origin})
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == allowed_origin
    answer = api.get("/dragons/summary", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("machine", ["report_dragon", "summarise_dragons"])
def test_a_machine_is_published_and_its_newest_version_is_live(
    machine: str, outputs: dict[str, Any], aws: Aws
) -> None:
    steps, arn = aws("stepfunctions"), outputs["state_machines"][machine]
    newest = steps.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"][0]
    live = steps.describe_state_machine_alias(stateMachineAliasArn=f"{arn}:live")
    assert live["routingConfiguration"] == [
        {"stateMachineVersionArn": newest["stateMachineVersionArn"], "weight": 100}
    ]
    assert steps.describe_state_machine(stateMachineArn=arn)["tracingConfiguration"] == {"enabled": True}


def test_every_definition_is_one_to_step_functions(outputs: dict[str, Any], aws: Aws) -> None:
    steps = aws("stepfunctions")
    for arn in outputs["state_machines"].values():
        machine = steps.describe_state_machine(stateMachineArn=arn)
        found = steps.validate_state_machine_definition(
            definition=machine["definition"], type=machine["type"]
        )
        assert found["result"] == "OK", found["diagnostics"]
