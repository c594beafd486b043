"""The access log: what a line says, that it stays JSON, and that it arrives."""

import json
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.apigateway.access_log import AccessLogger, log_variables
from localcloud.apigateway.integration import Integration
from localcloud.gateway.access_log import render
from localcloud.gateway.log_delivery import Entry, LogDelivery, put_log_events

names = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text()),
    lambda inner: st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(names, values, max_size=5), st.lists(st.tuples(names, names), max_size=3))
def test_a_json_format_gives_json_whatever_the_values(variables: Any, nested: list[tuple[str, str]]) -> None:
    paths = [*variables, *(f"{first}.{second}" for first, second in nested), "no.such.value"]
    template = "{" + ",".join(f'"{path}": "a $context.{path} \\" b"' for path in paths) + "}"

    line = render(template, variables)

    assert set(json.loads(line)) == set(paths)
    assert "\n" not in line
    for path, value in variables.items():
        if isinstance(value, str) and value:
            assert json.loads(line)[path] == f'a {value} " b'


@given(st.one_of(st.none(), st.text(min_size=1)))
def test_message_string_is_json_in_quotes_and_out_of_them(message: str | None) -> None:
    line = render(
        '{"a": $context.error.messageString, "b": "$context.error.messageString"}',
        {"error": {"message": message}},
    )

    logged = json.loads(line)
    assert logged["a"] == ("-" if message is None else message)
    assert json.loads(logged["b"]) == logged["a"]


def test_unknown_variables_and_other_formats() -> None:
    variables = {"status": 200, "isCanaryRequest": True, "path": "/a\nb", "identity": {"sourceIp": "::1"}}
    template = '$context.identity.sourceIp [$context.nope] "$context.path" $context.status $context.identity'

    assert render(template, variables) == '::1 [-] "/a\\nb" 200 -'
    assert render("$context.isCanaryRequest,$contextual,$context.", variables) == "true,$contextual,$context."


def invocation(**more: Any) -> Any:
    settings = {
        "destinationArn": "arn:aws:logs:us-east-1:000000000000:log-group:/g",
        "format": "$context.status",
    }
    return SimpleNamespace(
        **{
            "api_id": "abc",
            "stage": "v1",
            "stage_configuration": {"accessLogSettings": settings},
            "context_variables": {
                "requestTimeEpoch": 1_000,
                "requestId": "r",
                "authorizer": {"principalId": "p"},
            },
            "logging_context_variables": None,
            "trace_id": "Root=1-2-3;Parent=4;Sampled=0",
            "integration": {"type": "AWS_PROXY"},
            "endpoint_response": {"status_code": 201},
        }
        | more
    )


ANSWER = SimpleNamespace(status_code=418, data=b"12345")


def test_what_a_line_may_name() -> None:
    integration = {"latency": 7, "status": 201, "integrationStatus": 200}
    context = invocation(logging_context_variables={"integration": integration, "authorizer": {"latency": 3}})

    variables = log_variables(context, ANSWER, 1_250)

    assert {name: variables[name] for name in ("status", "responseLength", "responseLatency")} == {
        "status": 418,
        "responseLength": 5,
        "responseLatency": 250,
    }
    assert (variables["integrationLatency"], variables["integrationStatus"]) == (7, 200)
    assert variables["authorizer"] == {"latency": 3, "principalId": "p"}
    assert variables["xrayTraceId"] == "1-2-3"


def test_a_request_that_failed_early_is_logged_too() -> None:
    entries: list[Entry] = []
    context = invocation(context_variables=None, trace_id=None)
    AccessLogger(entries.append)(None, context, ANSWER)

    assert [(entry.stream, entry.line) for entry in entries] == [("abc_v1", "418")]


@pytest.mark.parametrize("configuration", [None, {}, {"accessLogSettings": None}, {"accessLogSettings": {}}])
def test_a_stage_without_an_access_log_writes_none(configuration: Any) -> None:
    entries: list[Entry] = []
    AccessLogger(entries.append)(None, invocation(stage_configuration=configuration), ANSWER)

    assert entries == []


def test_an_integration_that_fails_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise ConnectionError("broken")

    monkeypatch.setattr(Integration.__mro__[1], "__call__", fail)
    context = invocation()
    with pytest.raises(ConnectionError):
        Integration()(None, context, ANSWER)

    measured = context.logging_context_variables["integration"]
    assert measured["error"] == "broken"
    assert measured["latency"] >= 0


def entry(number: int, destination: str = "g") -> Entry:
    return Entry(destination, "s", number, str(number))


def test_every_line_arrives_once() -> None:
    arrived: list[Entry] = []
    delivery = LogDelivery(lambda _destination, _stream, entries: arrived.extend(entries))
    with ThreadPoolExecutor(4) as threads:
        threads.map(lambda number: delivery.submit(entry(number)), range(1000))
    delivery.flush()

    assert sorted(each.timestamp for each in arrived) == list(range(1000))


def test_a_group_that_cannot_be_written_to_holds_up_no_other() -> None:
    arrived: list[Entry] = []

    def put(destination: str, stream: str, entries: list[Entry]) -> None:
        if destination == "bad":
            raise LookupError(destination)
        arrived.extend(entries)

    delivery = LogDelivery(put)
    for each in (entry(2), entry(1, "bad"), entry(1)):
        delivery.submit(each)
    delivery.flush()

    assert arrived == [entry(1), entry(2)]


def test_a_destination_that_is_no_log_group_is_named() -> None:
    with pytest.raises(ValueError, match="destinationArn"):
        put_log_events("arn:aws:firehose:us-east-1:000000000000:deliverystream/x", "s", [entry(1)])
