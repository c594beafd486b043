"""GET and HEAD /dragons, from the event to the response and the log."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dragons.dataset import object_key, to_lines
from dragons.http import Responder
from dragons.paging import to_token
from list_dragons.query import Query, Reading
from list_dragons.scan_limit import ScanLimit
from list_dragons.unavailable import QueryUnavailableError
from support.fakes import PARAMETERS, FakeS3
from support.registry import in_memory

Handle = Callable[..., dict[str, Any]]
ORIGIN = "https://site.example"


def dragon(name: str) -> dict[str, str]:
    return {"dragon_name_str": name, "family_str": "red", "location_city_str": "Oslo"}


@pytest.fixture
def handle(monkeypatch: pytest.MonkeyPatch) -> Iterator[Handle]:
    """Asks the handler, with a method and parameters, for three dragons in two objects."""
    from list_dragons import handler

    s3 = FakeS3()
    for sequence, names in (("0", "ab"), ("1", "c")):
        s3.objects[object_key("dragons/", "red", sequence)] = to_lines(map(dragon, names))
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr(handler, "s3", s3)
    monkeypatch.setattr(handler, "parameters", PARAMETERS)
    monkeypatch.setattr(handler, "respond", Responder((ORIGIN,)))

    def ask(method: str = "GET", **parameters: str) -> dict[str, Any]:
        event = {"httpMethod": method, "headers": {"Origin": ORIGIN}, "queryStringParameters": parameters}
        return handler.handler(event, None)

    with in_memory() as registry:
        for name in "abc":
            registry.put(name, location_city_str={"S": "Oslo"})
        registry.tally("registry#dragons", 3)
        monkeypatch.setattr(handler, "registry", registry.reader)
        monkeypatch.setattr(handler, "limit", ScanLimit(2, registry.reader.count))
        yield ask


def body(response: dict[str, Any], status: int = 200) -> Any:
    assert response["statusCode"] == status
    return json.loads(response["body"])


@pytest.mark.parametrize("parameters", [{}, {"family": "red"}, {"order": "name"}, {"dragonName": "*"}])
def test_pages_go_on_by_their_tokens(handle: Handle, parameters: dict[str, str]) -> None:
    first = body(handle(**parameters, limit="2"))
    assert first["dragons"] == [dragon("a"), dragon("b")]
    last = body(handle(**parameters, limit="2", nextToken=first["nextToken"]))
    assert last == {"dragons": [dragon("c")]}


def test_a_name_is_answered_in_the_form_of_a_page(handle: Handle) -> None:
    assert body(handle(dragonName="b")) == {"dragons": [dragon("b")]}
    assert body(handle(dragonName="nobody")) == {"dragons": []}


def test_a_count_is_in_the_body_and_in_a_header_and_head_has_the_header(handle: Handle) -> None:
    counted, head = handle(count="true"), handle("HEAD")
    assert body(counted) == {"count": 3}
    assert (head["statusCode"], head["body"]) == (200, "")
    assert counted["headers"]["X-Total-Count"] == head["headers"]["X-Total-Count"] == "3"
    exposed = head["headers"]["Access-Control-Expose-Headers"]
    assert exposed.split(", ") == ["X-Total-Count", "Server-Timing"]


def test_a_refusal_names_what_is_wrong(handle: Handle) -> None:
    assert body(handle(colour="red"), 400) == {
        "message": "Invalid request parameters",
        "errors": [{"field": "colour", "reason": "is not a filter of this route"}],
    }
    assert body(handle(city="Oslo"), 400)["errors"] == [
        {"field": "city", "reason": "would read all of 3 dragons: add family or dragonName"}
    ]
    expired = to_token(("k", "n"), {}, clock=lambda: 1e9)
    assert body(handle(nextToken=expired), 400) == {
        "message": "Invalid nextToken",
        "errors": [{"field": "nextToken", "reason": "has expired after an hour: start again without it"}],
    }


def test_a_refusal_of_head_has_no_body(handle: Handle) -> None:
    refused = handle("HEAD", city="Oslo")
    assert (refused["statusCode"], refused["body"]) == (400, "")


@pytest.mark.parametrize(
    ("parameters", "plan", "objects"),
    [
        ({"dragonName": "a"}, "name", 1),
        ({"dragonName": "a*"}, "names", 1),
        ({"family": "red"}, "family", 2),
        ({"limit": "1"}, "dataset", 1),
        ({"count": "true"}, "count", 1),
    ],
)
def test_what_an_answer_took_is_in_a_header_and_in_one_line_of_the_log(
    handle: Handle, caplog: pytest.LogCaptureFixture, parameters: dict[str, str], plan: str, objects: int
) -> None:
    assert logging.getLogger().level == logging.WARNING  # as Lambda leaves it
    took = handle(**parameters)["headers"]["Server-Timing"]
    told = re.fullmatch(
        r'plan;desc="(\w+)", objects;desc="(\d+)", bytes;desc="(\d+)", query;dur=(\d+\.\d)', took
    )
    assert told
    assert (told[1], told[2]) == (plan, str(objects))
    assert (int(told[3]) > 0) == (plan in ("family", "dataset"))
    [record] = [each for each in caplog.records if each.name == "list_dragons.handler"]
    assert record.levelname == "INFO"
    line = f"plan={plan} objects={objects} bytes={told[3]} malformed=0 milliseconds={told[4]}"
    assert record.getMessage() == line


def test_a_refused_request_is_not_logged(handle: Handle, caplog: pytest.LogCaptureFixture) -> None:
    handle(colour="red")
    assert caplog.records == []


@pytest.mark.parametrize(("retry_after", "headers"), [(2, {"Retry-After": "2"}), (None, {})])
def test_a_query_that_cannot_be_answered_now_says_what_to_do(
    handle: Handle,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    retry_after: int | None,
    headers: dict[str, str],
) -> None:
    from list_dragons import handler

    class Closed:
        def dragons(self, query: Query, reading: Reading) -> Iterator[Any]:
            raise QueryUnavailableError("set query_engine to scan", retry_after)
            yield

    monkeypatch.setattr(handler, "choose_engine", lambda *_: Closed())
    answer = handle(family="red")
    assert body(answer, 503) == {"message": "set query_engine to scan", "errors": []}
    assert {name: answer["headers"][name] for name in answer["headers"] if name == "Retry-After"} == headers
    [record] = caplog.records
    assert (record.levelname, record.getMessage()) == ("ERROR", "not answered: set query_engine to scan")
