"""A function that declares itself idempotent is: a second run on an event changes nothing more.

The events are those of `tests/fixtures/events/<function>/`, and its smoke test's. Compared is all that it did
to AWS: items, objects, users and groups; and of queues and buses, which deliver more than once anyway, which
messages there are, by their content.
"""

import importlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import boto3
import pytest
from botocore.client import BaseClient
from moto import mock_aws
from moto.events.models import events_backends
from moto.sqs.models import sqs_backends

from dragons.schemas import schema

ROOT = Path(__file__).parents[2]
EVENTS = ROOT / "tests" / "fixtures" / "events"
ACCOUNT, REGION = "123456789012", "us-east-1"
TABLES = {
    "DRAGONS_TABLE": ("dragon_name_str",),
    "JOURNAL_TABLE": ("dragon_name_str", "position"),
    "PARTNERS_TABLE": ("token_sha256",),
    "REPORTERS_TABLE": ("sub",),
    "REVIEWS_TABLE": ("review_id",),
    "TALLIES_TABLE": ("tally",),
    "IMPORT_OUTCOMES_TABLE": ("import_id", "position"),
}
INDEXES = {"reviews_table": ("waiting", "since"), "dragons_table": ("family_str",)}
BUCKETS = {"IMPORT_BUCKET": "imports", "IMPORT_WORK_BUCKET": "work"}
QUEUES = {"DEAD_LETTER_QUEUE_URL": "dead-letters", "JOURNAL_QUEUE_URL": "journal.fifo"}
PARAMETERS = {"DATASET_BUCKET_PARAMETER": "bucket", "DATASET_PREFIX_PARAMETER": "dragons/"}
OTHERS = {
    "EVENT_BUS": "bus",
    "REPORTERS_GROUP": "reporters",
    "REMEMBERED_DAYS": "118",
    "MAX_LINES": "100",
    "SETTLED_HOURS": "0",
    "FAMILY_INDEX": "family_str",
    "IMPORT_DRAGONS": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:import_dragons",
}
"""What the functions' variables name, in an AWS that is made for each run; another function may need more."""

FIELDS = list(schema("report")["properties"])
SIGHTINGS = f"{','.join(FIELDS)}\n{','.join(FIELDS)}\n"

SEEN = {"cognito-idp", "dynamodb", "events", "s3", "sqs", "ssm", "stepfunctions"}
"""The services that `state` looks at."""

TAKEN_ONCE = {"SendTaskFailure", "SendTaskHeartbeat", "SendTaskSuccess"}
"""Calls that are not made: Step Functions lets a task end once, and a beat says nothing new."""

BLOCK = re.compile(r'^module "(\w+)" {\n(.*?)^}', re.MULTILINE | re.DOTALL)
BLOCKS: dict[str, str] = dict(BLOCK.findall((ROOT / "terraform" / "system" / "functions.tf").read_text()))
DECLARED = [name for name, block in BLOCKS.items() if re.search(r"^  idempotent +=\s*true$", block, re.M)]


def events_of(function: str) -> list[Path]:
    return [*sorted((EVENTS / function).glob("*.json")), EVENTS / "smoke" / f"{function}.json"]


def event_in(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found["event"] if path.parent.name == "smoke" else found


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An AWS with what the functions use, and its user pool's id."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)  # of the system that the end-to-end tests are shown
    with mock_aws(config={"core": {"service_whitelist": None}}):  # moto's build for LocalStack lists few
        monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
        for variable, value in OTHERS.items():
            monkeypatch.setenv(variable, value)
        for variable, keys in TABLES.items():
            _table(variable.lower(), keys)
            monkeypatch.setenv(variable, variable.lower())
        for variable, name in QUEUES.items():
            kind: Any = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
            url = boto3.client("sqs").create_queue(QueueName=name, Attributes=kind)["QueueUrl"]
            monkeypatch.setenv(variable, url)
        for variable, value in PARAMETERS.items():
            boto3.client("ssm").put_parameter(Name=f"/{variable.lower()}", Value=value, Type="String")
            monkeypatch.setenv(variable, f"/{variable.lower()}")
        for variable, name in BUCKETS.items():
            monkeypatch.setenv(variable, name)
        for name in (PARAMETERS["DATASET_BUCKET_PARAMETER"], *BUCKETS.values()):
            boto3.client("s3").create_bucket(Bucket=name)
        boto3.client("s3").put_object(Bucket="imports", Key="sightings.csv", Body=SIGHTINGS.encode())
        boto3.client("stepfunctions").create_state_machine(
            name="import_dragons", definition="{}", roleArn=f"arn:aws:iam::{ACCOUNT}:role/any"
        )
        bus = boto3.client("events").create_event_bus(Name=OTHERS["EVENT_BUS"])["EventBusArn"]
        boto3.client("events").create_archive(ArchiveName="all", EventSourceArn=bus)
        atlas = {"dragon_name_str": {"S": "Atlas"}, "report_id": {"S": "another"}}
        boto3.client("dynamodb").put_item(TableName="dragons_table", Item=atlas)
        _small_family()
        boto3.client("dynamodb").put_item(TableName="reviews_table", Item=_never_told())
        yield _user_pool()


def _table(name: str, keys: tuple[str, ...]) -> None:
    index, more = INDEXES.get(name, ()), dict[str, Any]()
    if index:
        own = {"IndexName": index[0], "KeySchema": _schema(index), "Projection": {"ProjectionType": "ALL"}}
        more["GlobalSecondaryIndexes"] = [own]
    boto3.client("dynamodb").create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in (*keys, *index)],
        KeySchema=_schema(keys),
        BillingMode="PAY_PER_REQUEST",
        **more,
    )


def _schema(keys: tuple[str, ...]) -> Any:
    kinds = zip(keys, ("HASH", "RANGE"), strict=False)
    return [{"AttributeName": key, "KeyType": kind} for key, kind in kinds]


def _small_family() -> None:
    """Two dragons on record, and two in small objects of the dataset; one of them is the same."""
    for name in "ac":
        item: Any = {"dragon_name_str": {"S": name}, "family_str": {"S": "small"}}
        boto3.client("dynamodb").put_item(TableName="dragons_table", Item=item)
    for name in "ab":
        line = json.dumps({"dragon_name_str": name, "family_str": "small"}).encode() + b"\n"
        key = f"dragons/family_str=small/{name}.jsonl"
        boto3.client("s3").put_object(Bucket="bucket", Key=key, Body=line)


def _never_told() -> Any:
    """A review on which somebody has decided, of which the workflow has never heard."""
    decision = {name: {"S": "2026-01-01"} for name in ("reason", "by", "at")} | {"accept": {"BOOL": True}}
    texts = {"review_id": "1", "report_id": "1", "dragon": "{}", "since": "2026", "deadline": "2027"}
    item = {name: {"S": text} for name, text in (texts | {"token": "1", "waiting": "yes"}).items()}
    return item | {"decision": {"M": decision}}


def _user_pool() -> str:
    cognito = boto3.client("cognito-idp")
    pool: str = cognito.create_user_pool(PoolName="people")["UserPool"]["Id"]
    cognito.create_group(UserPoolId=pool, GroupName=OTHERS["REPORTERS_GROUP"])
    name = event_in(EVENTS / "post_confirmation.json")["userName"]
    cognito.admin_create_user(UserPoolId=pool, Username=name)
    return pool


def state(pool: str) -> dict[str, Any]:
    """All that functions can do to this AWS."""
    dynamodb, s3, cognito = boto3.client("dynamodb"), boto3.client("s3"), boto3.client("cognito-idp")
    users = cognito.list_users_in_group(UserPoolId=pool, GroupName=OTHERS["REPORTERS_GROUP"])["Users"]
    buckets = [PARAMETERS["DATASET_BUCKET_PARAMETER"], *BUCKETS.values()]
    keys = [
        (bucket, each["Key"])
        for bucket in buckets
        for each in s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    ]
    executions = boto3.client("stepfunctions").list_executions(stateMachineArn=OTHERS["IMPORT_DRAGONS"])
    archived = events_backends[ACCOUNT][REGION].archives["all"].events
    return {
        "items": {name: _texts(dynamodb.scan(TableName=name)["Items"]) for name in map(str.lower, TABLES)},
        "objects": {key: s3.get_object(Bucket=key[0], Key=key[1])["Body"].read() for key in keys},
        "executions": {each["name"] for each in executions["executions"]},
        "messages": {name: _messages(name) for name in QUEUES.values()},
        "events": set(_texts([each["detail-type"], each["detail"]] for each in archived)),
        "parameters": boto3.client("ssm").describe_parameters()["Parameters"],
        "reporters": [each["Username"] for each in users],
    }


def _messages(queue: str) -> set[str]:
    """All of a queue: receiving would wait for a FIFO queue's groups."""
    kept = sqs_backends[ACCOUNT][REGION].queues[queue]._messages
    return set(_texts([each.body, each.message_attributes] for each in kept))


def _texts(values: Any) -> list[str]:
    return sorted(json.dumps(value, sort_keys=True, default=str) for value in values)


@contextmanager
def imported(function: str) -> Iterator[Callable[[Any, Any], Any]]:
    """A function's handler, its clients made anew; other tests keep their modules."""

    def own() -> dict[str, Any]:
        return {name: each for name, each in sys.modules.items() if name.partition(".")[0] == function}

    before = own()
    for name in before:
        del sys.modules[name]
    try:
        yield importlib.import_module(f"{function}.handler").handler
    finally:
        for name in own():
            del sys.modules[name]
        sys.modules.update(before)


def run(handler: Callable[[Any, Any], Any], event: Any) -> str:
    """Run it, and tell what came of it: an error may be what is due. `state` looks at all that it calls."""
    call, called = BaseClient._make_api_call, set()  # type: ignore[attr-defined]

    def noted(client: Any, *request: Any) -> Any:
        if request[0] in TAKEN_ONCE:
            return {}
        called.add(client.meta.service_model.service_name)
        return call(client, *request)

    with patch.object(BaseClient, "_make_api_call", noted):
        try:
            came = repr(handler(json.loads(json.dumps(event)), None))
        except Exception as error:
            came = repr(error)
    assert called <= SEEN, f"`state` does not look at {called - SEEN}"
    return came


def differs(handler: Callable[[Any, Any], Any], event: Any, pool: str) -> tuple[bool, bool]:
    """Whether the first run changes anything, and whether the second does."""
    begin = state(pool)
    first = run(handler, event), state(pool)
    second = run(handler, event), state(pool)
    return first[1] != begin, second != first


@pytest.mark.parametrize("function", DECLARED)
def test_a_second_run_changes_nothing_more(function: str, pool: str) -> None:
    fixtures = "\n".join(json.dumps([path.name, event_in(path)]) for path in events_of(function))
    known = event_in(EVENTS / "post_confirmation.json")["userPoolId"]
    changed = False
    with imported(function) as handler:
        for name, event in map(json.loads, fixtures.replace(known, pool).splitlines()):
            first, again = differs(handler, event, pool)
            assert not again, name
            changed |= first
    actions = re.findall(r'"[a-z0-9-]+:([A-Z]\w+)"', BLOCKS[function])
    writes = any(not action.startswith(("Get", "List", "Describe")) for action in actions)
    assert changed is writes, f"tests/fixtures/events/{function}/ has no event that makes it write"


def test_there_are_functions_to_look_at() -> None:
    assert {"announce_dragon", "keep_journal", "tally_families", "write_dataset"} <= set(DECLARED)


def _counts(event: Mapping[str, Any], _: object) -> None:
    boto3.client("dynamodb").update_item(
        TableName="tallies_table",
        Key={"tally": {"S": event["tally"]}},
        UpdateExpression="ADD dragons :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )


def _makes_names_up(_: object, __: object) -> None:
    boto3.client("s3").put_object(Bucket="bucket", Key=str(uuid4()), Body=b"")


def _tells_anew(_: object, __: object) -> None:
    entry = {
        "EventBusName": "bus",
        "Source": "dragons",
        "DetailType": "Told",
        "Detail": f'{{"id": "{uuid4()}"}}',
    }
    boto3.client("events").put_events(Entries=[entry])  # type: ignore[list-item]


def _sends_anew(_: object, __: object) -> None:
    url = boto3.client("sqs").get_queue_url(QueueName="dead-letters")["QueueUrl"]
    boto3.client("sqs").send_message(QueueUrl=url, MessageBody=str(uuid4()))


def _answers_anew(_: object, __: object) -> str:
    return str(uuid4())


@pytest.mark.parametrize("handler", [_counts, _makes_names_up, _tells_anew, _sends_anew, _answers_anew])
def test_what_is_not_idempotent_is_told(handler: Callable[[Any, Any], Any], pool: str) -> None:
    assert differs(handler, {"tally": "family#red"}, pool)[1]


def test_a_service_that_is_not_looked_at_is_told(pool: str) -> None:
    with pytest.raises(AssertionError, match="`state` does not look at"):
        run(lambda *_: boto3.client("sns").create_topic(Name=pool.replace("_", "-")), {})
