"""Two users in one warm process see nothing of each other: each gets what a process of their own answers."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
EVENTS = ROOT / "tests" / "fixtures" / "events"
PEOPLE = ("ann", "bob")
AT_THE_EDGE = (
    "edge_viewer_request",
    "edge_origin_request",
    "edge_origin_response",
    "edge_viewer_response",
)
NOT_FOR_PEOPLE = {
    "announce_dragon",
    "compact_family",
    "finish_import",
    "keep_journal",
    "open_review",
    "read_import",
    "rebuild_dataset",
    "receive_webhook",
    "renew_reviews",
    "start_import",
    "tally_families",
    "write_dataset",
}
"""Functions that AWS calls by itself, or a workflow: no call of them is somebody's."""

Call = dict[str, Any]


def event(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return found


def calls(person: str) -> list[Call]:
    """What somebody does: each function that they reach, some twice, and some in vain."""
    rest, http = event("rest_proxy"), event("http_proxy")
    own = {"family": f"family-of-{person}", "limit": "1"}
    rest |= {
        "queryStringParameters": own,
        "multiValueQueryStringParameters": {k: [v] for k, v in own.items()},
    }
    rest["headers"]["Origin"] = f"https://{person}.example"
    http |= {"queryStringParameters": own}
    http["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = person
    journal = event("smoke/read_journal")["event"] | {"rawQueryString": f"dragonName=dragon%20of%20{person}"}
    reviews, decides = event("smoke/list_reviews")["event"], event("smoke/decide_review")["event"]
    for each in (reviews, decides):
        each["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = person
    wrong = rest | {
        "queryStringParameters": {person: "1"},
        "multiValueQueryStringParameters": {person: ["1"]},
    }
    partner = event("token_authorizer") | {"authorizationToken": f"Bearer token-of-{person}"}
    stranger = partner | {"authorizationToken": f"Bearer token-of-nobody-like-{person}"}
    attributes = {"sub": person, "email": f"{person}@example.org", "email_verified": "true"}
    signs_up, confirmed = event("pre_sign_up"), event("post_confirmation")
    signs_up["request"]["userAttributes"] = attributes
    refused = json.loads(json.dumps(signs_up).replace("example.org", f"{person}..example"))
    confirmed |= {"userName": person, "userPoolId": "<pool>"}
    confirmed["request"]["userAttributes"] = attributes
    token = event("pre_token_generation") | {"userName": person}
    token["request"]["userAttributes"] = attributes
    token["request"]["groupConfiguration"]["groupsToOverride"] = ["reviewers"] if person == "ann" else []
    report = event("smoke/validate_dragon")["event"] | {"reportId": f"report-of-{person}"}
    again = json.loads(json.dumps(report).replace("Smoke test", f"dragon of {person}"))
    return [
        {"function": function, "event": each}
        for function, each in [
            ("list_dragons", rest),
            ("list_dragons", http),
            ("list_dragons", wrong),
            ("authorize_partner", partner),
            ("authorize_partner", stranger),
            ("authorize_partner", partner),
            ("pre_sign_up", signs_up),
            ("pre_sign_up", refused),
            ("post_confirmation", confirmed),
            ("pre_token_generation", token),
            ("validate_dragon", report),
            ("validate_dragon", again),
            ("list_dragons", rest),
            ("read_journal", journal),
            ("list_reviews", reviews),
            ("decide_review", decides),
            ("decide_review", decides | {"body": json.dumps({person: True})}),
            *((name, at_the_edge(name, person)) for name in AT_THE_EDGE),
        ]
    ]


def at_the_edge(function: str, person: str) -> Any:
    """Somebody's request, or the answer to it, as CloudFront tells it."""
    found = event(f"smoke/{function}")["event"]
    request = found["Records"][0]["cf"]["request"]
    request["headers"]["cookie"] = [{"key": "Cookie", "value": f"name={person}"}]
    request["uri"] = f"/reports/report-of-{person}"
    return found


def numbered(person: str) -> list[Call]:
    """The calls, each with a trace of its own."""
    first = PEOPLE.index(person) + 1
    return [
        call | {"trace": f"1-5759e988-{first:02}{number:022}"} for number, call in enumerate(calls(person))
    ]


def answers(made: list[Call]) -> list[Any]:
    """What one process answers to calls, one after the other."""
    # of the account in memory alone, also where the end-to-end tests beside these have an endpoint
    env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_ENDPOINT_URL")}
    env |= {
        "PYTHONPATH": os.pathsep.join(str(ROOT / each) for each in ("functions", "shared", "tests")),
        "ALLOWED_ORIGINS": ",".join(f"https://{person}.example" for person in PEOPLE),
    }
    done = subprocess.run(
        [sys.executable, "-m", "support.warm_process", *PEOPLE],
        input="".join(json.dumps(call) + "\n" for call in made),
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    untimed = re.sub(r"(dur|milliseconds)=[0-9.]+", r"\1=0", done.stdout)  # no two calls take as long
    return [json.loads(line) for line in untimed.splitlines()]


@pytest.fixture(scope="module")
def together() -> dict[str, list[Any]]:
    """The answers of one process to both, whose calls alternate."""
    pairs = zip(*map(numbered, PEOPLE), strict=True)
    given = answers([call for pair in pairs for call in pair])
    return {person: given[number :: len(PEOPLE)] for number, person in enumerate(PEOPLE)}


@pytest.mark.parametrize("person", PEOPLE)
def test_each_gets_what_a_process_of_their_own_answers(person: str, together: dict[str, list[Any]]) -> None:
    assert together[person] == answers(numbered(person))


@pytest.mark.parametrize("person", PEOPLE)
def test_no_answer_no_log_line_and_no_trace_is_the_others(
    person: str, together: dict[str, list[Any]]
) -> None:
    [other] = set(PEOPLE) - {person}
    mine = numbered(person)
    for call, answer in zip(mine, together[person], strict=True):
        assert other not in json.dumps({k: v for k, v in answer.items() if k != "traces"})
        assert set(answer["traces"]) <= {call["trace"]}


def test_the_calls_reach_data_and_are_traced(together: dict[str, list[Any]]) -> None:
    listed, *others = together["ann"]
    assert "dragon of ann" in listed["result"]["body"]
    assert listed["result"]["headers"]["Access-Control-Allow-Origin"] == "https://ann.example"
    assert listed["traces"]
    assert others[2]["result"]["principalId"] == "ann"
    assert others[3]["error"].startswith("Unauthorized")
    assert others[10]["error"].startswith("DragonValidationException")
    assert "dragon of ann" in others[12]["result"]["body"]


def test_every_function_that_people_reach_is_called() -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}
    assert {call["function"] for call in calls("ann")} == folders - NOT_FOR_PEOPLE
