"""A warm process: handlers that are imported once and called again and again, on an account in memory.

Reads calls `{"function", "event", "trace"}` from the standard input, one a line, and prints for each what it
came to: result or error, what was logged meanwhile, and the traces that its subsegments went to.
"""

import hashlib
import importlib
import json
import logging
import os
import socket
import sys
from typing import Any

DAEMON = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
DAEMON.bind(("127.0.0.1", 0))
DAEMON.setblocking(False)
os.environ["AWS_XRAY_DAEMON_ADDRESS"] = f"127.0.0.1:{DAEMON.getsockname()[1]}"
os.environ["LAMBDA_TASK_ROOT"] = "/var/task"  # so that the X-Ray SDK takes this for Lambda

import boto3  # noqa: E402
from moto import mock_aws  # noqa: E402

TABLES = {
    "DRAGONS_TABLE": ["dragon_name_str"],
    "JOURNAL_TABLE": ["dragon_name_str", "position"],
    "PARTNERS_TABLE": ["token_sha256"],
    "REPORTERS_TABLE": ["sub"],
    "REVIEWS_TABLE": ["review_id"],
}


class Logged(logging.Handler):
    """What was logged since the last look."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())

    def taken(self) -> list[str]:
        lines, self.lines = self.lines, []
        return lines


def _make_index(dynamodb: Any, table: str, *keys: str) -> None:
    """Make an index that is named like its first key."""
    schema = zip(keys, ("HASH", "RANGE"), strict=True)
    index = {
        "IndexName": keys[0],
        "KeySchema": [{"AttributeName": key, "KeyType": kind} for key, kind in schema],
        "Projection": {"ProjectionType": "ALL"},
    }
    dynamodb.update_table(
        TableName=table,
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        GlobalSecondaryIndexUpdates=[{"Create": index}],
    )


def account(people: list[str]) -> str:
    """Make what the functions look at, for these people; returns the user pool's id."""
    dynamodb, s3, ssm = boto3.client("dynamodb"), boto3.client("s3"), boto3.client("ssm")
    cognito = boto3.client("cognito-idp")
    for variable, keys in TABLES.items():
        schema = zip(keys, ("HASH", "RANGE"), strict=False)
        dynamodb.create_table(
            TableName=os.environ[variable],
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in schema],  # type: ignore[typeddict-item]
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        )
    _make_index(dynamodb, os.environ["REVIEWS_TABLE"], "waiting", "since")
    s3.create_bucket(Bucket="bucket")
    for name in ("dataset_bucket", "dataset_prefix", "query_engine"):
        value = {"dataset_bucket": "bucket", "dataset_prefix": "dragons/", "query_engine": "scan"}[name]
        ssm.put_parameter(Name=f"/dragons/unit/{name}", Value=value, Type="String")
    pool: str = cognito.create_user_pool(PoolName="unit")["UserPool"]["Id"]
    cognito.create_group(UserPoolId=pool, GroupName=os.environ["REPORTERS_GROUP"])
    for person in people:
        digest = hashlib.sha256(f"token-of-{person}".encode()).hexdigest()
        partner = {"token_sha256": {"S": digest}, "partner": {"S": person}}
        dynamodb.put_item(TableName=os.environ["PARTNERS_TABLE"], Item=partner)
        dragon = {"dragon_name_str": f"dragon of {person}", "family_str": f"family-of-{person}"}
        key = f"dragons/family_str=family-of-{person}/1.jsonl"
        s3.put_object(Bucket="bucket", Key=key, Body=json.dumps(dragon).encode() + b"\n")
        named = {"dragon_name_str": {"S": dragon["dragon_name_str"]}}
        dynamodb.put_item(TableName=os.environ["DRAGONS_TABLE"], Item=named)
        entry = {"type": "DragonAdded", "dragon": dragon}
        item = named | {"position": {"S": "1"}, "entry": {"S": json.dumps(entry)}}
        dynamodb.put_item(TableName=os.environ["JOURNAL_TABLE"], Item=item)
        cognito.admin_create_user(UserPoolId=pool, Username=person)
    return pool


def traced() -> list[str]:
    """The traces of the subsegments that were sent since the last look."""
    found: set[str] = set()
    while True:
        try:
            sent = DAEMON.recv(65536).decode()
        except BlockingIOError:
            return sorted(found)
        found.add(json.loads(sent.partition("\n")[2])["trace_id"])


def call(function: str, event: Any, trace: str, logged: Logged) -> dict[str, Any]:
    """Call a handler as Lambda does."""
    handler = importlib.import_module(f"{function}.handler").handler
    logged.taken(), traced()  # of the import
    os.environ["_X_AMZN_TRACE_ID"] = f"Root={trace};Parent=53995c3f42cd8ad8;Sampled=1"
    try:
        came_to = {"result": handler(event, None)}
    except Exception as error:
        came_to = {"error": f"{type(error).__name__}: {error}"}
    return came_to | {"logged": logged.taken(), "traces": traced()}


def main() -> None:
    """Take calls until there are no more."""
    logged = Logged()
    logging.getLogger().addHandler(logged)
    with mock_aws():
        pool = account(sys.argv[1:])
        for line in sys.stdin:
            asked = json.loads(line.replace("<pool>", pool))
            came_to = call(asked["function"], asked["event"], asked["trace"], logged)
            print(json.dumps(came_to).replace(pool, "<pool>"), flush=True)


if __name__ == "__main__":
    main()
