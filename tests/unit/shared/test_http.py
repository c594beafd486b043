"""Answers to a proxy integration, and who may read them from a page."""

import json

import pytest

from dragons.http import answer


def test_it_answers_json() -> None:
    shaped = answer({}, 200, {"name": "Ýmir"})
    assert shaped["statusCode"] == 200
    assert shaped["headers"]["Content-Type"] == "application/json"
    assert json.loads(shaped["body"]) == {"name": "Ýmir"}


def test_its_body_is_compact_and_keeps_what_is_not_ascii() -> None:
    assert answer({}, 200, {"name": "Ýmir", "age": 3})["body"] == '{"name":"Ýmir","age":3}'


@pytest.mark.parametrize(
    "headers", [None, {}, {"Origin": "https://a.example"}, {"Origin": "https://b.example"}]
)
def test_a_cache_keeps_one_copy_an_origin_whoever_asks(
    monkeypatch: pytest.MonkeyPatch, headers: dict[str, str] | None
) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", "https://a.example")
    assert answer({"version": "1.0", "headers": headers}, 200, {})["headers"]["Vary"] == "Origin"


@pytest.mark.parametrize(
    ("allowed", "origin", "granted"),
    [
        ("https://a.example, https://b.example", "https://b.example", "https://b.example"),
        ("https://a.example", "https://evil.example", None),
        ("", "https://a.example", None),
        ("*", "https://a.example", None),
    ],
)
@pytest.mark.parametrize("header", ["Origin", "origin"])
def test_an_origin_is_granted_what_is_configured(
    monkeypatch: pytest.MonkeyPatch, allowed: str, origin: str, granted: str | None, header: str
) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", allowed)
    headers = answer({"headers": {header: origin}}, 200, {})["headers"]
    assert headers.get("Access-Control-Allow-Origin") == granted


def test_an_http_api_grants_origins_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", "https://a.example")
    headers = answer({"version": "2.0", "headers": {"origin": "https://a.example"}}, 200, {})["headers"]
    assert headers == {"Content-Type": "application/json", "Vary": "Origin"}
