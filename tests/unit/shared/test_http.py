"""Responses of a proxy integration, and who may read them from a page."""

import json
from typing import Any

import pytest

from dragons.errors import FieldError, InvalidRequestError
from dragons.http import Responder, method

A, B = "https://a.example", "https://b.example"


def test_a_response_is_json() -> None:
    shaped = Responder().json({}, 201, {"name": "Ýmir"})
    assert shaped["statusCode"] == 201
    assert shaped["headers"] == {"Content-Type": "application/json", "Vary": "Origin"}
    assert json.loads(shaped["body"]) == {"name": "Ýmir"}


def test_its_body_is_compact_and_keeps_what_is_not_ascii() -> None:
    assert Responder().json({}, 200, {"name": "Ýmir", "age": 3})["body"] == '{"name":"Ýmir","age":3}'


def test_an_invalid_request_is_told_each_field() -> None:
    error = InvalidRequestError("Invalid request parameters", [FieldError("limit", "must be a whole number")])
    shaped = Responder((A,)).invalid({"headers": {"origin": A}}, error)
    assert shaped["statusCode"] == 400
    assert shaped["headers"]["Access-Control-Allow-Origin"] == A
    assert json.loads(shaped["body"]) == {
        "message": "Invalid request parameters",
        "errors": [{"field": "limit", "reason": "must be a whole number"}],
    }


@pytest.mark.parametrize("headers", [None, {}, {"Origin": A}, {"Origin": B}])
def test_a_cache_keeps_one_copy_an_origin_whoever_asks(headers: dict[str, str] | None) -> None:
    assert (
        Responder((A,)).json({"version": "1.0", "headers": headers}, 200, {})["headers"]["Vary"] == "Origin"
    )


@pytest.mark.parametrize(
    ("origins", "origin", "granted"),
    [((A, B), B, B), ((A,), "https://evil.example", None), ((), A, None), (("*",), A, None)],
)
@pytest.mark.parametrize("header", ["Origin", "origin"])
def test_an_origin_is_granted_what_is_configured(
    origins: tuple[str, ...], origin: str, granted: str | None, header: str
) -> None:
    headers = Responder(origins).json({"headers": {header: origin}}, 200, {})["headers"]
    assert headers.get("Access-Control-Allow-Origin") == granted


def test_an_http_api_grants_origins_itself() -> None:
    headers = Responder((A,)).json({"version": "2.0", "headers": {"origin": A}}, 200, {})["headers"]
    assert headers == {"Content-Type": "application/json", "Vary": "Origin"}


def test_other_headers_are_sent_and_pages_of_an_allowed_origin_may_read_them() -> None:
    extra = {"X-Total-Count": "3", "Server-Timing": "query;dur=1.0"}
    headers = Responder((A,)).json({"headers": {"origin": A}}, 200, {}, extra)["headers"]
    assert extra.items() <= headers.items()
    assert headers["Access-Control-Expose-Headers"] == "X-Total-Count, Server-Timing"
    for event in ({"headers": {"origin": B}}, {"version": "2.0", "headers": {"origin": A}}, {}):
        headers = Responder((A,)).json(event, 200, {}, extra)["headers"]
        assert extra.items() <= headers.items()
        assert "Access-Control-Expose-Headers" not in headers


HEAD_2 = {"version": "2.0", "requestContext": {"http": {"method": "HEAD"}}}


@pytest.mark.parametrize("event", [{"httpMethod": "HEAD"}, HEAD_2])
def test_head_has_the_headers_of_get_and_no_body(event: dict[str, Any]) -> None:
    of_get, of_head = (Responder().json(each, 200, {"a": 1}, {"X": "y"}) for each in ({}, event))
    assert of_head == of_get | {"body": ""}


@pytest.mark.parametrize(
    ("event", "name"),
    [({"httpMethod": "POST"}, "POST"), (HEAD_2, "HEAD"), ({}, "GET"), ({"version": "2.0"}, "GET")],
)
def test_the_method_is_told_by_either_format(event: dict[str, Any], name: str) -> None:
    assert method(event) == name
