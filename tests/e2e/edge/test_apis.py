"""Both APIs behind the distribution: what they answer, to whom, and that nothing of it is kept."""

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from support.people import Person, person
from support.system import Api, Make

Ask = Callable[..., requests.Response]
TIMES = 12


@pytest.fixture(scope="module")
def another(outputs: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[Person]:
    """Somebody else, who may report as well."""
    with person(aws, outputs) as signed_in:
        yield signed_in


def test_a_report_arrives_and_its_outcome_is_seen(
    ask: Ask, api: Api, reporter: Person, make_report: Make
) -> None:
    headers = {"Authorization": reporter.tokens.id, "Origin": "https://elsewhere.example"}
    answer = ask("/api/dragons", "POST", json=make_report(), headers=headers)
    assert answer.status_code == 202, answer.text
    report_id = answer.json()["reportId"]
    assert api.outcome(report_id)["status"] == "SUCCEEDED"
    assert ask(f"/api/dragons/reports/{report_id}").json() == api.get(f"/dragons/reports/{report_id}").json()


@pytest.mark.parametrize("token", ["", "garbage", "Bearer a.b.c"])
def test_nobody_reports_without_a_token(ask: Ask, make_report: Make, token: str) -> None:
    answer = ask(
        "/api/dragons", "POST", json=make_report(), headers={"Authorization": token} if token else {}
    )
    assert answer.status_code == 401
    assert answer.json()["message"]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_body_arrives_as_it_was_sent(ask: Ask, partners_url: str, bearer: dict[str, str]) -> None:
    del partners_url  # there is one
    body = '{"order": "\U0001f409", "text": "' + "x" * 100_000 + '"}'
    for method in ("POST", "PUT", "PATCH"):
        headers = bearer | {"Content-Type": "application/json"}
        answer = ask("/http/partners/orders", method, data=body.encode(), headers=headers)
        assert (answer.status_code, answer.json()["method"], answer.json()["body"]) == (200, method, body)


@pytest.mark.parametrize("path", ["/api/dragons", "/http/dragons"])
def test_a_preflight_is_answered_by_the_api(ask: Ask, path: str, allowed_origin: str) -> None:
    for origin in (allowed_origin, "https://elsewhere.example", allowed_origin):
        headers = {"Origin": origin, "Access-Control-Request-Method": "GET"}
        answer = ask(path, "OPTIONS", headers=headers)
        assert answer.status_code in (200, 204)
        granted = answer.headers.get("Access-Control-Allow-Origin")
        assert granted == allowed_origin if origin == allowed_origin else granted not in (origin, "*")


@pytest.mark.parametrize("method", ["DELETE", "PUT"])
def test_a_method_that_the_api_does_not_know_is_its_own_answer(ask: Ask, api: Api, method: str) -> None:
    answer = ask("/api/dragons", method)
    assert answer.status_code == api.request(method, "/dragons").status_code == 404
    assert answer.content


def test_the_number_of_dragons_passes(ask: Ask, api: Api, bearer: dict[str, str]) -> None:
    counted = api.get("/dragons", params={"family": "red", "count": "true"}).json()["count"]
    for path, headers in (("/api/dragons?family=red", {}), ("/http/dragons?family=red", bearer)):
        answer = ask(path, "HEAD", headers=headers)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["X-Total-Count"] == str(counted)


def test_nothing_of_an_api_is_kept(ask: Ask, bearer: dict[str, str]) -> None:
    for path, headers, status in (
        ("/api/status", {}, 200),
        ("/api/dragons?limit=1", {}, 200),
        ("/api/dragons?limit=0", {}, 400),
        ("/api/dragons/reports/unknown", {}, 404),
        ("/http/dragons?limit=1", bearer, 200),
        ("/http/dragons?limit=1", {}, 401),
        ("/http/reviews", bearer, 403),
    ):
        for _ in range(3):
            answer = ask(path, headers=headers)
            assert answer.status_code == status
            assert answer.headers["X-Cache"].startswith("Error" if status >= 400 else "Miss")
            assert "Age" not in answer.headers
            if headers:
                assert answer.headers["Cache-Control"] == "private, no-store"


def test_people_at_once_never_see_each_others_answers(ask: Ask, reporter: Person, reviewer: Person) -> None:
    """The same address, to one who may read it, one who may not, and a stranger."""
    expected = {reviewer.tokens.access: 200, reporter.tokens.access: 403, "": 401}

    def asked(token: str) -> tuple[str, int]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return token, ask("/http/reviews", headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(asked, [*expected] * TIMES))
    assert [(token, status) for token, status in seen if expected[token] != status] == []


def test_two_people_with_one_key_are_told_of_their_own_reports(
    ask: Ask, api: Api, reporter: Person, another: Person, make_report: Make
) -> None:
    """Address, body and key are the same: the token alone tells them apart."""
    report, key = make_report(), f"e2e-{uuid.uuid4().hex}"

    def asked(who: Person) -> tuple[str, str]:
        headers = {"Authorization": who.tokens.id, "Idempotency-Key": key}
        answer = ask("/api/dragons", "POST", json=report, headers=headers)
        assert answer.status_code in (202, 409), answer.text  # 409: it has ended meanwhile
        return who.sub, answer.json()["reportId"]

    with ThreadPoolExecutor(8) as pool:
        seen = set(pool.map(asked, [reporter, another] * (TIMES // 2)))
    for _, report_id in seen:
        api.outcome(report_id)  # before its dragon is removed
    assert seen == {(who.sub, f"{who.sub}-{key}") for who in (reporter, another)}
