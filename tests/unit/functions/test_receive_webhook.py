"""The receiver of webhooks: what it believes, and what it does then."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.x509 import Certificate, load_pem_x509_certificate
from hypothesis import assume, example, given
from hypothesis import strategies as st

from dragons.errors import InvalidRequestError
from dragons.events import SOURCE, DragonAdded, Event, detail
from receive_webhook.message import (
    NOTIFICATION,
    SIGNED,
    SUBSCRIPTION,
    UNSUBSCRIPTION,
    read_message,
    string_to_sign,
)
from receive_webhook.receive import receive
from receive_webhook.refusals import NotBelievedError
from receive_webhook.store import DynamoDBReceived
from receive_webhook.trust import Trust
from support.sns import NOW, SUBSCRIBE, TOPIC, Signer, message

FIXTURES = Path(__file__).parents[2] / "fixtures/sns"
REAL = sorted(path.stem for path in FIXTURES.glob("*.json"))
TRUST = Trust(TOPIC, "https://sns.us-east-1.amazonaws.com")
SIGNER, OTHER = Signer(), Signer()
EVENT = DragonAdded("e1", "2026-11-28T11:59:00.000+00:00", {"dragon_name_str": "Atlas", "family_str": "red"})


def told(event: Event) -> str:
    """An event as the topic tells it."""
    return json.dumps({"source": SOURCE, "detail-type": type(event).__name__, "detail": detail(event)})


class FakeSns:
    """SNS, with one certificate; it knows what was asked of it."""

    def __init__(self, certificate: Certificate = SIGNER.certificate) -> None:
        self._certificate = certificate
        self.fetched: list[str] = []
        self.confirmed: list[str] = []

    def certificate(self, url: str) -> Certificate:
        self.fetched.append(url)
        return self._certificate

    def confirm(self, url: str) -> None:
        self.confirmed.append(url)


class ConditionalCheckFailedException(Exception):  # noqa: N818 - AWS's name
    """DynamoDB's error."""


class FakeTable:
    """A DynamoDB client with one table's items."""

    class exceptions:  # noqa: N801 - as on a client
        """The client's own errors."""

        ConditionalCheckFailedException = ConditionalCheckFailedException

    def __init__(self) -> None:
        self.items: dict[str, Any] = {}

    def put_item(self, TableName: str, Item: dict[str, Any], ConditionExpression: str) -> None:
        assert (TableName, ConditionExpression) == ("received", "attribute_not_exists(event_id)")
        if Item["event_id"]["S"] in self.items:
            raise ConditionalCheckFailedException
        self.items[Item["event_id"]["S"]] = Item


class World:
    """A receiver with all that it reaches."""

    def __init__(self, certificate: Certificate = SIGNER.certificate) -> None:
        self.sns = FakeSns(certificate)
        self.table = FakeTable()
        self.received = DynamoDBReceived(self.table, "received", 118, NOW.timestamp)  # type: ignore[arg-type]

    def post(self, body: bytes | dict[str, Any], now: datetime = NOW) -> str:
        return receive(
            body if isinstance(body, bytes) else json.dumps(body).encode(),
            TRUST,
            self.sns,
            self.received,
            now,
        )

    def refused(self, body: bytes | dict[str, Any], now: datetime = NOW) -> InvalidRequestError:
        """Post what is refused, and see that nothing comes of it."""
        with pytest.raises(InvalidRequestError) as caught:
            self.post(body, now)
        assert self.table.items == {}
        assert self.sns.confirmed == []
        return caught.value


def signed(type_: str = NOTIFICATION, signer: Signer = SIGNER, **fields: Any) -> dict[str, Any]:
    return signer.signed(message(type_, **fields), string_to_sign)


# --- What is believed ---


@pytest.mark.parametrize("name", REAL)
def test_what_aws_signed_is_believed_at_its_time_and_not_an_hour_later(name: str) -> None:
    posted = json.loads((FIXTURES / f"{name}.json").read_text())
    path = FIXTURES / posted["SigningCertURL"].rpartition("/")[2]
    sns = FakeSns(load_pem_x509_certificate(path.read_bytes()))
    trust = Trust(posted["TopicArn"], "https://sns.us-west-2.amazonaws.com")
    at = datetime.fromisoformat(posted["Timestamp"])
    trust.verify(read_message(json.dumps(posted).encode()), sns, at)
    with pytest.raises(NotBelievedError, match="topic"):
        trust.verify(read_message(json.dumps(posted | {"Message": "!"}).encode()), sns, at)
    with pytest.raises(NotBelievedError, match="topic"):
        trust.verify(read_message(json.dumps(posted).encode()), sns, at + timedelta(hours=1, milliseconds=1))


def test_there_is_a_real_message_of_each_type_and_version() -> None:
    found = [json.loads((FIXTURES / f"{name}.json").read_text()) for name in REAL]
    assert {each["Type"] for each in found} == set(SIGNED)
    assert {each["SignatureVersion"] for each in found} == {"1", "2"}


@pytest.mark.parametrize("version", ["1", "2"])
def test_an_event_is_recorded_once_however_often_it_is_told(version: str) -> None:
    world = World()
    first = signed(Message=told(EVENT), SignatureVersion=version)
    again = signed(Message=told(EVENT), SignatureVersion=version, MessageId="another")
    assert [world.post(each) for each in (first, first, again)] == ["recorded", *["recorded before"] * 2]
    assert world.table.items == {
        "e1": {
            "event_id": {"S": "e1"},
            "type": {"S": "DragonAdded"},
            "at": {"S": EVENT.at},
            "detail": {"S": json.dumps(detail(EVENT))},
            "message_id": {"S": first["MessageId"]},
            "forget_at": {"N": str(int(NOW.timestamp()) + 118 * 86400)},
        }
    }


def test_a_subscription_is_confirmed_where_sns_says_and_its_end_is_noted() -> None:
    world = World()
    assert world.post(signed(SUBSCRIPTION)) == "confirmed"
    assert world.sns.confirmed == [SUBSCRIBE]
    assert world.post(signed(UNSUBSCRIPTION)) == "noted"
    assert world.sns.confirmed == [SUBSCRIBE]


# --- What is not ---


@pytest.mark.parametrize("type_", [NOTIFICATION, SUBSCRIPTION])
def test_what_somebody_else_signed_is_refused(type_: str) -> None:
    error = World().refused(signed(type_, OTHER, Message=told(EVENT)))
    assert [each.field for each in error.errors] == ["Signature"]


@given(st.sampled_from(sorted(SIGNED)), st.data())
def test_whatever_of_the_signed_is_changed_it_is_refused(type_: str, data: st.DataObject) -> None:
    posted = signed(type_, Subject="subject")
    field = data.draw(st.sampled_from(SIGNED[type_]))
    changed = data.draw(st.text(max_size=20) | st.sampled_from([posted[field] + "\n", "", None, 1]))
    assume(changed != posted[field])
    World().refused(posted | {field: changed})


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=10), max_size=3))
def test_what_is_not_signed_changes_nothing(others: dict[str, str]) -> None:
    posted = signed(Message=told(EVENT))
    world = World()
    assert world.post(others | posted) == "recorded"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("TopicArn", TOPIC + "-another"),
        ("Timestamp", "2026-11-28T10:59:59.999Z"),
        ("Timestamp", "2026-11-28T13:00:00.001Z"),
        ("Timestamp", "now"),
        ("SignatureVersion", "3"),
        (
            "SigningCertURL",
            "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-" + "0a" * 16 + ".pem",
        ),
    ],
)
def test_nothing_is_fetched_for_what_is_wrong_without_its_certificate(field: str, value: str) -> None:
    world = World()
    good = signed(Message=told(EVENT))
    error = world.refused(good | {field: value})
    assert isinstance(error, NotBelievedError)
    assert [each.field for each in error.errors] == [field]
    assert world.sns.fetched == []


@pytest.mark.parametrize("signer", [Signer(-9, -1), Signer(1, 9)])
def test_a_certificate_that_is_not_valid_now_is_refused(signer: Signer) -> None:
    error = World(signer.certificate).refused(signed(signer=signer, Message=told(EVENT)))
    assert [each.field for each in error.errors] == ["SigningCertURL"]


def test_a_signature_is_base64() -> None:
    good = signed(Message=told(EVENT))
    for signature in ("", "#", "ö", good["Signature"] + "=", base64.b64encode(b"short").decode()):
        error = World().refused(good | {"Signature": signature})
        assert [each.field for each in error.errors] == ["Signature"]


def test_what_the_topic_tells_must_be_an_event() -> None:
    error = World().refused(signed(Message='{"source": "dragons", "detail-type": "DragonBored"}'))
    assert not isinstance(error, NotBelievedError)
    assert error.errors[0].field == "Message"
    assert "DragonBored is not known" in error.errors[0].reason


# --- The certificate's and the confirmation's URLs ---

parts = st.tuples(
    st.sampled_from(["https", "HTTPS", "http", "ftp", "file", "", "https:https"]),
    st.sampled_from(["://", ":", "//", ":///", ":\\\\"]),
    st.sampled_from(
        ["", "sns.us-east-1.amazonaws.com@", "a:b@", "@", "%40", "evil.example/", "evil.example\\"]
    ),
    st.sampled_from(
        [
            "sns.us-east-1.amazonaws.com",
            "sns.us-east-1.amazonaws.com.",
            "SNS.us-east-1.amazonaws.com",
            "sns-us-east-1.amazonaws.com",
            "snsXus-east-1XamazonawsXcom",
            "sns.us-east-1.amazonaws.com.evil.example",
            "sns.us-east-1.amazonaws.com\u3002evil.example",
            "evil.example",
            "127.0.0.1",
            "[::1]",
        ]
    ),
    st.sampled_from(
        ["", ":443", ":80", ":", "@evil.example", "#@evil.example", "\n", "\t", " ", "\\@evil.example"]
    ),
    st.sampled_from(["/", "", "//", "/../", "/a/", "/%2e%2e/", "/?", "/;"]),
    st.sampled_from(
        ["SimpleNotificationService-", "simplenotificationservice-", "", "?Action=ConfirmSubscription&"]
    ),
    st.sampled_from(["0a" * 16, "0A" * 16, "0a" * 15, "\u0660" * 32, "Token=1", "a" * 33]),
    st.sampled_from([".pem", "", ".PEM", ".pem?", ".pem#", ".pem/..", ".pem\n", "\n.pem", "?x=.pem"]),
).map("".join)


@given(parts | st.text())
@example(message()["SigningCertURL"])
@example(SUBSCRIBE)
def test_only_urls_of_sns_itself_are_fetched_however_they_are_read(url: str) -> None:
    from urllib.parse import urlsplit

    from urllib3.util import parse_url

    certificate, subscription = TRUST.is_certificate(url), TRUST.is_subscription(url)
    assert not (certificate and subscription)
    if not certificate and not subscription:
        return
    read, by_requests = urlsplit(url), parse_url(url)
    assert (read.scheme, read.netloc, read.fragment) == ("https", "sns.us-east-1.amazonaws.com", "")
    assert (by_requests.scheme, by_requests.host, by_requests.port) == (read.scheme, read.netloc, None)
    assert by_requests.auth is None
    assert read.geturl() == by_requests.url == url
    if certificate:
        assert (read.query, read.path.startswith("/SimpleNotificationService-"), read.path[-4:]) == (
            "",
            True,
            ".pem",
        )
    else:
        assert (read.path, read.query.split("&")[0]) == ("/", "Action=ConfirmSubscription")


@given(st.from_regex(r"[0-9a-f]{32}", fullmatch=True))
def test_every_certificate_of_sns_has_a_url_that_is_taken(identity: str) -> None:
    assert TRUST.is_certificate(
        f"https://sns.us-east-1.amazonaws.com/SimpleNotificationService-{identity}.pem"
    )


# --- The string to sign ---

# Texts that look like what is between fields, so that a value could pass for the fields behind it.
tricky = st.lists(
    st.sampled_from(
        ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    )
    | st.sampled_from(["\n", "\n", "\r", "", NOTIFICATION, SUBSCRIPTION, "a", "ö"]),
    max_size=12,
).map("".join)


@given(st.sampled_from(sorted(SIGNED)), st.fixed_dictionaries({}, optional={"Subject": tricky}), st.data())
def test_the_signed_fields_can_be_read_back_so_no_two_messages_share_a_signature(
    type_: str, subject: dict[str, str], data: st.DataObject
) -> None:
    names = [name for name in SIGNED[type_] if name not in ("Type", "Subject")]
    fields = {name: data.draw(tricky, label=name) for name in names}
    posted = message(type_, Signature="") | fields | (subject if type_ == NOTIFICATION else {})
    try:
        read = read_message(json.dumps(posted).encode())
    except InvalidRequestError as error:
        wrong = {each.field for each in error.errors}
        assert wrong == {name for name, value in posted.items() if name != "Message" and "\n" in value}
        return
    lines = string_to_sign(read).decode().split("\n")
    found = {}
    assert lines.pop() == ""
    while "MessageId" not in found:
        value, name = lines.pop(), lines.pop()
        found[name] = value
    assert lines[0] == "Message"
    found["Message"] = "\n".join(lines[1:])
    assert found == {name: read[name] for name in SIGNED[type_] if name in read}


def test_the_string_to_sign_is_as_documented() -> None:
    documented = message(
        Message="Test Message", MessageId="4d4dc071-ddbf-465d-bba8-08f81c89da64", Subject="My subject"
    )
    assert string_to_sign(documented).decode() == (
        "Message\nTest Message\nMessageId\n4d4dc071-ddbf-465d-bba8-08f81c89da64\nSubject\nMy subject\n"
        f"Timestamp\n{documented['Timestamp']}\nTopicArn\n{TOPIC}\nType\nNotification\n"
    )


# --- The handler ---

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
objects = st.fixed_dictionaries(
    {},
    optional={
        name: json_values | st.just(value) for name, value in (message() | {"Signature": "eA=="}).items()
    },
)


@given(
    st.binary(max_size=60)
    | (json_values | objects).map(lambda value: json.dumps(value).encode())
    | st.sampled_from(
        [b"[" * 100_000, b'{"a":' * 100_000, b" " * (1024 * 1024 + 1), b'{"Type": "\\ud800"}', b"\xff\xfe{"]
    )
)
def test_whatever_is_posted_is_refused_in_good_order(body: bytes) -> None:
    error = World().refused(body)
    assert error.errors
    assert json.dumps(error.body())


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    from receive_webhook import handler

    made = World()
    monkeypatch.setattr(handler, "trust", TRUST)
    monkeypatch.setattr(handler, "sns", made.sns)
    monkeypatch.setattr(handler, "received", made.received)
    return made


def call(**event: Any) -> tuple[int, dict[str, Any]]:
    from receive_webhook.handler import handler

    answer = handler({"version": "2.0", "headers": {}} | event, None)
    return answer["statusCode"], json.loads(answer["body"])


def test_the_handler_answers_what_was_done(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    monkeypatch.setattr(world.sns, "_certificate", (signer := Signer(-20000, 20000)).certificate)
    posted = json.dumps(signed(signer=signer, Message=told(EVENT), Timestamp=at))
    assert call(body=posted) == (200, {"message": "recorded"})
    encoded = base64.b64encode(posted.encode()).decode()
    assert call(body=encoded, isBase64Encoded=True) == (200, {"message": "recorded before"})


@pytest.mark.parametrize(
    ("event", "status", "body"),
    [
        (
            {},
            400,
            {"message": "Not a message of SNS", "errors": [{"field": "body", "reason": "is not JSON"}]},
        ),
        (
            {"body": "a", "isBase64Encoded": True},
            400,
            {"message": "Not a message of SNS", "errors": [{"field": "body", "reason": "is not Base64"}]},
        ),
        (
            {"body": json.dumps(message(TopicArn="another", Signature=""))},
            403,
            {
                "message": "Not a message of the topic",
                "errors": [{"field": "TopicArn", "reason": "is another topic's"}],
            },
        ),
    ],
)
def test_the_handler_refuses_with_the_projects_error_body(
    world: World, event: dict[str, Any], status: int, body: dict[str, Any]
) -> None:
    assert call(**event) == (status, body)
    assert world.table.items == {}
