"""The partners' authorizer: who gets in, with which policy, and that no token is ever told."""

import hashlib
import json
import logging
import traceback
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from authorize_partner.authorize import ROUTE, Unauthorized, authorize
from authorize_partner.cache import LIFETIME_SECONDS, SIZE, CachedPartners
from authorize_partner.table import DynamoDBPartners

EVENT = json.loads((Path(__file__).parents[2] / "fixtures/events/token_authorizer.json").read_text())
METHOD = EVENT["methodArn"]

tokens = st.from_regex(r"[A-Za-z0-9._~+/-]{1,64}={0,2}", fullmatch=True)
method_arns = st.builds(
    "arn:{}:execute-api:{}:{:012}:{}/{}/{}/{}".format,
    st.sampled_from(["aws", "aws-cn", "aws-us-gov"]),
    st.sampled_from(["us-east-1", "ap-southeast-2"]),
    st.integers(0, 10**12 - 1),
    st.from_regex(r"[a-z0-9]{10}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True),
    st.sampled_from(["GET", "POST", "OPTIONS", "*"]),
    st.from_regex(r"[A-Za-z0-9/*_-]{0,30}", fullmatch=True),
)


def sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class FakeTable:
    """A DynamoDB client with one table's items; it counts its reads."""

    def __init__(self, items: dict[str, dict[str, Any]]) -> None:
        self.items = items
        self.reads = 0

    def get_item(self, TableName: str, Key: dict[str, Any], ConsistentRead: bool) -> dict[str, Any]:
        assert (TableName, ConsistentRead) == ("table", True)
        self.reads += 1
        found = self.items.get(Key["token_sha256"]["S"])
        return {} if found is None else {"Item": found | Key}


class Clock:
    """A clock that stands until it is told otherwise."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def item(partner: str, **more: Any) -> dict[str, Any]:
    return {"partner": {"S": partner}} | more


def table(**partners: str) -> FakeTable:
    """A table in which each partner has the token given."""
    return FakeTable({sha256(token): item(partner) for partner, token in partners.items()})


def of(fake: FakeTable) -> DynamoDBPartners:
    return DynamoDBPartners(fake, "table")  # type: ignore[arg-type]


@given(tokens, method_arns, st.sampled_from(["Bearer ", "bearer ", "BEARER   "]))
def test_a_partner_may_call_the_partners_route_of_that_stage_alone(
    token: str, method_arn: str, scheme: str
) -> None:
    answer = authorize(scheme + token, method_arn, of(table(acme=token)))
    api_and_stage = "/".join(method_arn.split("/")[:2])
    assert answer == {
        "principalId": "acme",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": f"{api_and_stage}/{ROUTE}"}
            ],
        },
        "context": {"partner": "acme"},
    }


@given(tokens, tokens)
def test_a_token_that_nobody_was_given_is_refused(token: str, other: str) -> None:
    assume(token != other)
    with pytest.raises(Unauthorized, match=r"^Unauthorized$"):
        authorize(f"Bearer {token}", METHOD, of(table(acme=other)))


@given(
    st.one_of(
        st.text(),
        tokens,
        st.text().map("Bearer {}".format),
        tokens.map("Basic {}".format),
        tokens.map(" Bearer {}".format),
        tokens.map("Bearer {}\n".format),
        tokens.map("Bearer\t{}".format),
        tokens.map("Bearer {0} {0}".format),
        tokens.map("Bearer {0}, Bearer {0}".format),
    )
)
def test_a_malformed_header_is_refused_before_any_lookup(header: str) -> None:
    scheme, _, token = header.partition(" ")
    assume(not (scheme.lower() == "bearer" and is_token(token.lstrip(" "))))
    fake = table(acme="x")
    with pytest.raises(Unauthorized, match=r"^Unauthorized$"):
        authorize(header, METHOD, of(fake))
    assert fake.reads == 0


def is_token(text: str) -> bool:
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~+/-")
    body = text.rstrip("=")
    return bool(body) and set(body) <= allowed


@pytest.mark.parametrize(("revoked", "partner"), [(True, None), (False, "acme")])
def test_a_revoked_token_is_unknown(revoked: bool, partner: str | None) -> None:
    fake = FakeTable({"00": item("acme", revoked={"BOOL": revoked})})
    assert of(fake).partner_of("00") == partner


def test_a_lookup_counts_for_a_minute_then_the_table_is_asked_again() -> None:
    fake, clock = table(acme="t"), Clock()
    cached = CachedPartners(of(fake), clock)
    assert [cached.partner_of(sha256("t")) for _ in range(3)] == ["acme"] * 3
    assert fake.reads == 1
    fake.items[sha256("t")]["revoked"] = {"BOOL": True}
    clock.seconds += LIFETIME_SECONDS - 0.1
    assert cached.partner_of(sha256("t")) == "acme"
    clock.seconds += 0.1
    assert cached.partner_of(sha256("t")) is None
    assert fake.reads == 2


def test_made_up_tokens_take_no_place_in_the_cache() -> None:
    fake = table(acme="t")
    cached = CachedPartners(of(fake), Clock())
    cached.partner_of(sha256("t"))
    for number in range(2 * SIZE):
        assert cached.partner_of(f"{number:064x}") is None
    reads = fake.reads
    assert cached.partner_of(sha256("t")) == "acme"
    assert fake.reads == reads


def test_the_cache_holds_so_many_and_drops_the_oldest() -> None:
    fake = FakeTable({str(number): item("acme") for number in range(SIZE + 1)})
    cached = CachedPartners(of(fake), Clock())
    for number in range(SIZE + 1):
        cached.partner_of(str(number))
    assert len(cached._kept) == SIZE
    cached.partner_of(str(SIZE))
    assert fake.reads == SIZE + 1
    cached.partner_of("0")
    assert fake.reads == SIZE + 2


def test_the_cache_holds_no_token() -> None:
    token = "a-token-to-look-for"
    cached = CachedPartners(of(table(acme=token)))
    authorize(f"Bearer {token}", METHOD, cached)
    assert cached._kept
    assert token not in repr(vars(cached))


@pytest.mark.parametrize("known", [True, False])
def test_the_handler_takes_the_documented_event_and_tells_no_token(
    known: bool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from authorize_partner import handler

    token = EVENT["authorizationToken"].removeprefix("Bearer ")
    monkeypatch.setattr(handler, "partners", CachedPartners(of(table(acme=token if known else "other"))))
    told = ""
    with caplog.at_level(logging.DEBUG):
        if known:
            told += json.dumps(handler.handler(EVENT, None))
        else:
            with pytest.raises(Unauthorized) as caught:
                handler.handler(EVENT, None)
            told += "".join(traceback.format_exception(caught.value))
            assert caught.value.__cause__ is caught.value.__context__ is None
    captured = capsys.readouterr()
    assert told
    assert token not in told + caplog.text + captured.out + captured.err


def test_a_table_that_fails_tells_no_token(caplog: pytest.LogCaptureFixture) -> None:
    class FailingTable:
        def get_item(self, **request: Any) -> dict[str, Any]:
            raise RuntimeError(f"throttled: {request}")

    token = EVENT["authorizationToken"].removeprefix("Bearer ")
    partners = DynamoDBPartners(FailingTable(), "table")  # type: ignore[arg-type]
    with caplog.at_level(logging.DEBUG), pytest.raises(RuntimeError) as caught:
        authorize(EVENT["authorizationToken"], METHOD, CachedPartners(partners))
    assert token not in "".join(traceback.format_exception(caught.value)) + caplog.text
