"""What a user pool's tokens say, how the trigger changes it, and how long a sign-in lasts."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.cognito_idp.claims import Changes, read_overrides, readable_attributes
from localcloud.cognito_idp.confirmation import MAX_ATTEMPTS, Codes, Purpose
from localcloud.cognito_idp.errors import CognitoError
from localcloud.cognito_idp.passwords import check_policy
from localcloud.cognito_idp.sessions import Session, Sessions
from localcloud.cognito_idp.tokens import lifetime

NAMES = st.sampled_from(["iss", "sub", "exp", "scope", "token_use", "client_id", "colour", "size", "email"])
SCOPES = st.lists(st.sampled_from(["openid", "animals/read", "animals/report", "animals/review"]))


def user(**attributes: str) -> Any:
    return SimpleNamespace(id="sub-1", user_pool_id="pool", attribute_lookup=attributes)


def client(**settings: Any) -> Any:
    read = settings.get("ReadAttributes", [])
    return SimpleNamespace(extended_config=settings, get_readable_fields=lambda: read)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@given(st.dictionaries(NAMES, st.text()), st.dictionaries(NAMES, st.text()), st.sets(NAMES))
def test_who_and_for_how_long_is_never_changed(
    claims: dict[str, str], add: dict[str, str], suppress: set[str]
) -> None:
    changed = Changes(add=add, suppress=frozenset(suppress)).apply(claims)
    fixed = {"iss", "sub", "exp", "scope", "token_use", "client_id"}
    assert {name: changed.get(name) for name in fixed} == {name: claims.get(name) for name in fixed}
    assert all(changed[name] == value for name, value in add.items() if name not in fixed)


@given(SCOPES, SCOPES, st.sets(st.sampled_from(["openid", "animals/review"])))
def test_scopes_are_added_once_and_suppressed_for_good(
    asked: list[str], added: list[str], suppressed: set[str]
) -> None:
    scopes = Changes(add_scopes=tuple(added), suppress_scopes=frozenset(suppressed)).apply_to_scopes(asked)
    assert len(set(scopes)) == len(scopes)
    assert set(scopes) == (set(asked) | set(added)) - suppressed


def test_version_one_changes_the_id_token_alone() -> None:
    details = {"claimsToAddOrOverride": {"colour": "red"}, "claimsToSuppress": ["email"]}
    overrides = read_overrides({"claimsOverrideDetails": details})
    assert overrides.identity == Changes({"colour": "red"}, frozenset({"email"}))
    assert (overrides.access, overrides.groups) == (Changes(), None)


def test_version_two_changes_both_and_the_groups() -> None:
    details = {
        "accessTokenGeneration": {"scopesToAdd": ["animals/read"], "scopesToSuppress": ["animals/review"]},
        "groupOverrideDetails": {"groupsToOverride": ["reviewers"]},
    }
    overrides = read_overrides({"claimsAndScopeOverrideDetails": details})
    assert overrides.access.add_scopes == ("animals/read",)
    assert overrides.access.suppress_scopes == {"animals/review"}
    assert (overrides.identity, overrides.groups) == (Changes(), ["reviewers"])
    assert read_overrides({"claimsAndScopeOverrideDetails": None}).identity == Changes()


@pytest.mark.parametrize(
    ("scopes", "shown"),
    [
        (["openid"], {"sub", "email", "email_verified", "name"}),
        (["openid", "profile"], {"sub", "email", "email_verified", "name"}),
        (["openid", "email"], {"sub", "email", "email_verified"}),
        (["openid", "phone"], {"sub"}),
        (["aws.cognito.signin.user.admin"], {"sub", "email", "email_verified", "name"}),
    ],
)
def test_scopes_say_which_attributes_are_shown(scopes: list[str], shown: set[str]) -> None:
    ann = user(email="ann@example.org", email_verified="true", name="Ann")
    attributes = readable_attributes(ann, client(), scopes)
    assert set(attributes) == shown
    assert attributes.get("email_verified", True) is True


def test_an_address_that_is_not_verified_says_so() -> None:
    ann = user(email="ann@example.org", phone_number="+15555550100", phone_number_verified="true")
    shown = readable_attributes(ann, client(), ["openid"])
    assert (shown["email_verified"], shown["phone_number_verified"]) == (False, True)
    assert "email_verified" not in readable_attributes(user(name="Ann"), client(), ["openid"])


def test_a_client_sees_what_it_may_read() -> None:
    ann = user(email="ann@example.org", name="Ann")
    assert set(readable_attributes(ann, client(ReadAttributes=["name"]), ["openid"])) == {"sub", "name"}


@pytest.mark.parametrize(
    ("settings", "kind", "seconds"),
    [
        ({}, "AccessToken", 3600),
        ({}, "RefreshToken", 30 * 86_400),
        ({"AccessTokenValidity": 5, "TokenValidityUnits": {"AccessToken": "minutes"}}, "AccessToken", 300),
        ({"IdTokenValidity": 2}, "IdToken", 7200),
        ({"RefreshTokenValidity": 0}, "RefreshToken", 30 * 86_400),
    ],
)
def test_tokens_last_as_long_as_their_client_says(settings: dict[str, Any], kind: str, seconds: int) -> None:
    assert lifetime(client(**settings), kind) == seconds


def test_a_code_is_good_once_and_for_its_purpose() -> None:
    codes = Codes(Clock())
    code = codes.make(user(), Purpose.SIGN_UP)
    assert len(code) == 6
    with pytest.raises(CognitoError, match="request a code again"):
        codes.use(user(), Purpose.RESET, code)
    codes.use(user(), Purpose.SIGN_UP, code)
    with pytest.raises(CognitoError) as used:
        codes.use(user(), Purpose.SIGN_UP, code)
    assert used.value.code == "ExpiredCodeException"


def test_a_newer_code_replaces_the_one_before_and_each_has_its_time() -> None:
    clock = Clock()
    codes = Codes(clock)
    codes.make(user(), Purpose.RESET)
    code = codes.make(user(), Purpose.RESET)
    clock.now += Purpose.RESET.value[1] * 3600
    with pytest.raises(CognitoError) as expired:
        codes.use(user(), Purpose.RESET, code)
    assert expired.value.code == "ExpiredCodeException"


def test_codes_cannot_be_guessed() -> None:
    codes = Codes(Clock())
    code = codes.make(user(), Purpose.SIGN_UP)
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(CognitoError) as wrong:
            codes.use(user(), Purpose.SIGN_UP, "guess")
        assert wrong.value.code == "CodeMismatchException"
    with pytest.raises(CognitoError) as limit:
        codes.use(user(), Purpose.SIGN_UP, code)
    assert limit.value.code == "LimitExceededException"


def test_a_session_lasts_until_its_end_or_its_revocation() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    one, two = (Session("pool", "client", "sub-1", (), 0, clock.now + 10) for _ in range(2))
    first, second = sessions.open(one), sessions.open(two)
    sessions.revoke(first)
    assert (sessions.find(first), sessions.find(second)) == (None, two)
    assert (sessions.is_revoked(one.origin_jti), sessions.is_revoked(two.origin_jti)) == (True, False)
    clock.now += 10
    assert sessions.find(second) is None


def test_signing_out_ends_every_session_of_one_user() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    mine = [sessions.open(Session("pool", "c", "sub-1", (), 0, clock.now + 10)) for _ in range(2)]
    other = sessions.open(Session("pool", "c", "sub-2", (), 0, clock.now + 10))
    sessions.sign_out(SimpleNamespace(id="pool"), user())  # type: ignore[arg-type]
    assert [sessions.find(token) for token in mine] == [None, None]
    assert sessions.find(other) is not None


POLICY = {
    "MinimumLength": 8,
    "RequireUppercase": True,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
}
POOL: Any = SimpleNamespace(extended_config={"Policies": {"PasswordPolicy": POLICY}})


@given(st.text(st.sampled_from("aB3-"), max_size=12))
def test_a_password_has_all_that_the_policy_wants(password: str) -> None:
    good = len(password) >= 8 and set("aB3-") <= set(password)
    if good:
        check_policy(POOL, password)
    else:
        with pytest.raises(CognitoError) as refused:
            check_policy(POOL, password)
        assert refused.value.code == "InvalidPasswordException"
        assert password not in refused.value.message or len(password) < 2
