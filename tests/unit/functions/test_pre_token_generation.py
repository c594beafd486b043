"""The scopes of an access token are those of the groups, whatever was asked for and however."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pre_token_generation.handler import handler
from pre_token_generation.scopes import changes

EVENT = json.loads((Path(__file__).parents[2] / "fixtures/events/pre_token_generation.json").read_text())

READ, REPORT, REVIEW = "dragons/read", "dragons/report", "dragons/review"
groups = st.lists(st.sampled_from(["reporters", "reviewers", "us-east-1_Ab1Cd2Ef3_Example"]), max_size=4)
scopes = st.lists(
    st.sampled_from(
        ["openid", "email", "aws.cognito.signin.user.admin", READ, REPORT, REVIEW, "dragons/burn"]
    )
)


@pytest.mark.parametrize(
    ("member_of", "wanted"),
    [
        ([], {READ}),
        (["strangers"], {READ}),
        (["reporters"], {READ, REPORT}),
        (["reviewers"], {READ, REPORT, REVIEW}),
        (["reviewers", "reporters"], {READ, REPORT, REVIEW}),
    ],
)
@given(requested=scopes)
def test_a_token_ends_with_what_the_groups_grant_and_keeps_the_scopes_of_others(
    member_of: list[str], wanted: set[str], requested: list[str]
) -> None:
    change = changes(member_of, requested)
    added, suppressed = set(change["scopesToAdd"]), set(change["scopesToSuppress"])
    others = {scope for scope in requested if not scope.startswith("dragons/")}
    assert (set(requested) | added) - suppressed == others | wanted
    assert not added & suppressed


@given(groups, scopes)
def test_what_is_there_already_needs_no_change(member_of: list[str], requested: list[str]) -> None:
    change = changes(member_of, requested)
    after = (set(requested) | set(change["scopesToAdd"])) - set(change["scopesToSuppress"])
    assert changes(member_of, after) == {"scopesToAdd": [], "scopesToSuppress": []}


@pytest.mark.parametrize(
    "source",
    [
        "TokenGeneration_HostedAuth",
        "TokenGeneration_Authentication",
        "TokenGeneration_NewPasswordChallenge",
        "TokenGeneration_AuthenticateDevice",
        "TokenGeneration_RefreshTokens",
    ],
)
def test_the_handler_changes_the_access_token_alone_whichever_way_the_user_signed_in(source: str) -> None:
    event: dict[str, Any] = EVENT | {"triggerSource": source}
    answered = handler(event, None)
    assert answered["response"] == {
        "claimsAndScopeOverrideDetails": {
            "accessTokenGeneration": {"scopesToAdd": [REPORT], "scopesToSuppress": [REVIEW]},
            "groupOverrideDetails": EVENT["request"]["groupConfiguration"],
        }
    }
    assert {name: answered[name] for name in event if name != "response"} == {
        name: value for name, value in event.items() if name != "response"
    }


@pytest.mark.parametrize("configuration", [{}, {"groupsToOverride": None}, {"groupsToOverride": []}])
def test_a_user_without_groups_may_read(configuration: dict[str, Any]) -> None:
    event = EVENT | {"request": {"groupConfiguration": configuration, "scopes": None}}
    details = handler(event, None)["response"]["claimsAndScopeOverrideDetails"]
    assert details["accessTokenGeneration"] == {"scopesToAdd": [READ], "scopesToSuppress": []}
    assert details["groupOverrideDetails"] == configuration
