"""Whoever listens to the bus hears of refused reports and new reporters, as the registry's schemas say."""

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import jsonschema
import pytest

from contract import event_schemas
from dragons.events import SOURCE, TYPES
from support.imports import Imports, as_json_lines
from support.people import person
from support.system import Api, Make, poll

Aws = Callable[[str], Any]
Heard = Callable[[str, str, str], dict[str, Any]]


class Listener:
    """A queue of its own behind a rule of its own.

    Args:
        queue: A client of SQS, and the queue's URL.
    """

    def __init__(self, queue: tuple[Any, str]) -> None:
        self._sqs, self._url = queue
        self._heard: list[dict[str, Any]] = []

    def find(self, detail_type: str, field: str, value: str) -> dict[str, Any] | None:
        """The event of a type whose detail has a field with a value, if it was heard by now."""
        found = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10)
        for message in found.get("Messages", []):
            self._heard.append(json.loads(message["Body"]))
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return next(
            (
                event
                for event in self._heard
                if event["detail-type"] == detail_type and event["detail"].get(field) == value
            ),
            None,
        )


@pytest.fixture(scope="module")
def listener(outputs: dict[str, Any], aws: Aws) -> Iterator[Listener]:
    """Listen to the bus; it hears what is put from now on."""
    events, sqs, bus, name = aws("events"), aws("sqs"), outputs["event_bus"], f"e2e-{uuid.uuid4()}"
    with ExitStack() as made:
        types = ["DragonRefused", "ReporterJoined", "ImportFinished", "Listening"]
        pattern = {"source": [SOURCE, name], "detail-type": types}
        rule = events.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps(pattern))["RuleArn"]
        made.callback(events.delete_rule, Name=name, EventBusName=bus)
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        made.callback(sqs.delete_queue, QueueUrl=url)
        queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        send = {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue,
            "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [send]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "1", "Arn": queue}])
        made.callback(events.remove_targets, Rule=name, EventBusName=bus, Ids=["1"])
        listening = Listener((sqs, url))
        entry = {"EventBusName": bus, "Source": name, "DetailType": "Listening", "Detail": '{"to": "all"}'}

        def hears() -> bool | None:
            events.put_events(Entries=[entry])  # on AWS a rule takes a while before it works
            return listening.find("Listening", "to", "all") is not None or None

        poll(hears, "the rule to work")
        yield listening


@pytest.fixture
def heard(outputs: dict[str, Any], aws: Aws, listener: Listener) -> Heard:
    """Wait for an event, and check it as who writes a consumer would: by the registry's schema."""

    def wait(detail_type: str, field: str, value: str) -> dict[str, Any]:
        event = poll(lambda: listener.find(detail_type, field, value), f"{detail_type} of {value}")
        jsonschema.Draft4Validator(registered(outputs, aws, detail_type)).validate(event["detail"])
        assert event["source"] == SOURCE
        detail: dict[str, Any] = event["detail"]
        return detail

    return wait


def registered(outputs: dict[str, Any], aws: Aws, detail_type: str) -> dict[str, Any]:
    """The schema of an event in the registry, which has the name of the bus."""
    schema: dict[str, Any] = json.loads(
        aws("schemas").describe_schema(
            RegistryName=outputs["event_bus"], SchemaName=f"{SOURCE}@{detail_type}"
        )["Content"]
    )
    return schema


def test_a_refused_report_is_told_with_its_reason(api: Api, make_report: Make, heard: Heard) -> None:
    report = make_report()
    assert api.accepted(report)["status"] == "SUCCEEDED"
    refused = api.accepted(report)
    told = heard("DragonRefused", "dragonName", report["dragonName"])
    assert (told["reportId"], told["eventId"]) == (refused["reportId"], refused["reportId"])
    assert told["reason"] == refused["reason"] == "Duplicate dragon reported"


def test_a_new_reporter_is_told_and_no_address(outputs: dict[str, Any], aws: Aws, heard: Heard) -> None:
    with person(aws, outputs) as reporter:
        told = heard("ReporterJoined", "sub", reporter.sub)
        key = {"sub": {"S": reporter.sub}}
        row = aws("dynamodb").get_item(TableName=outputs["reporters_table"], Key=key)["Item"]
    del told["version"]
    assert told == {"eventId": reporter.sub, "at": row["created_at"]["S"], "sub": reporter.sub}


def test_an_import_is_told_with_what_came_of_its_lines(
    outputs: dict[str, Any], aws: Aws, heard: Heard
) -> None:
    imports = Imports(outputs, aws)
    try:
        file = imports.put("told.jsonl", as_json_lines([imports.report()]) + b"{\n{\n")
        told = heard("ImportFinished", "file", file.key)
    finally:
        imports.clean_up()
    assert (told["eventId"], told["result"]) == (file.import_id, file.result_key)
    assert [told[outcome] for outcome in ("accepted", "duplicate", "refused", "failed")] == [1, 0, 2, 0]


def test_the_registry_has_each_events_schema_as_it_was_published(outputs: dict[str, Any], aws: Aws) -> None:
    pages = aws("schemas").get_paginator("list_schemas").paginate(RegistryName=outputs["event_bus"])
    names = {schema["SchemaName"] for page in pages for schema in page["Schemas"]}
    assert names == {f"{SOURCE}@{detail_type}" for detail_type in TYPES}
    current = {name: json.loads(text) for name, text in event_schemas.current().items()}
    assert {name: registered(outputs, aws, name) for name in TYPES} == current
