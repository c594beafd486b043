"""S3 Select of a running cloud, as boto3 and the AWS CLI use it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EventStreamError

from tests.running_cloud import Cloud
from tests.selection import DOCUMENT, LINES, csv

pytestmark = pytest.mark.xdist_group("cloud")
BUCKET, ALL = "jobs", "SELECT * FROM S3Object s"
LINE = b'{"name":"O\'Brien","color":"red","note":"' + b"x" * 120 + b'"}\n'
type Select = Callable[..., Any]


@pytest.fixture(scope="module")
def s3(cloud: Cloud) -> Any:
    return cloud.client("s3")


@pytest.fixture
def select(s3: Any) -> Select:
    """Query an object; gives the answer's events."""

    def ask(key: str, expression: str = ALL, given: Any = LINES, wanted: Any = None, **more: Any) -> Any:
        asked = {"Bucket": BUCKET, "Key": key, "Expression": expression, "ExpressionType": "SQL"}
        shapes = {"InputSerialization": given, "OutputSerialization": wanted or {"JSON": {}}}
        return s3.select_object_content(**{**asked, **shapes, **more})["Payload"]

    return ask


def payload(events: Any) -> bytes:
    """The records of an answer that ends as it should."""
    *found, end = list(events)
    assert end == {"End": {}}
    return b"".join(event["Records"]["Payload"] for event in found if "Records" in event)


def test_an_answer_of_each_kind(s3: Any, select: Select) -> None:
    s3.put_object(Bucket=BUCKET, Key="select/a.jsonl", Body='{"a":"é"}\n\n{"a":2}\n'.encode())
    details = {"BytesScanned": 20, "BytesProcessed": 20, "BytesReturned": 11}
    assert list(select("select/a.jsonl", f"{ALL} WHERE s.a='é'", RequestProgress={"Enabled": True})) == [
        {"Records": {"Payload": '{"a":"é"}\n'.encode()}},
        {"Progress": {"Details": details}},
        {"Stats": {"Details": details}},
        {"End": {}},
    ]
    assert payload(select("select/a.jsonl", ALL, csv(FileHeaderInfo="USE"), csv())) == b'"{""a"":2}"\n'
    assert payload(select("select/a.jsonl", ALL, DOCUMENT, csv())) == "é\n2\n".encode()


@pytest.mark.parametrize(
    ("change", "code", "status"),
    [
        ({"Key": "select/none"}, "NoSuchKey", 404),
        ({"Bucket": "no-such-bucket-of-select"}, "NoSuchBucket", 404),
        ({"Expression": "SELECT FOO(s.a) FROM S3Object s"}, "UnsupportedFunction", 400),
        ({"Expression": "SELECT CAST(s.a AS INT) FROM S3Object s"}, "CastFailed", 400),
        ({"InputSerialization": {"Parquet": {}}}, "InvalidDataSource", 400),
    ],
)
def test_an_error_is_the_response(
    s3: Any, select: Select, change: dict[str, str], code: str, status: int
) -> None:
    s3.put_object(Bucket=BUCKET, Key="select/error", Body=b'{"a":"x"}\n')
    with pytest.raises(ClientError) as raised:
        select("select/error", **{"Bucket": BUCKET, **change})
    assert raised.value.response["Error"]["Code"] == code
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    s3.put_object(Bucket=BUCKET, Key="select/error", Body=b"")  # nothing holds the object


def test_a_later_error_ends_the_events(s3: Any, select: Select) -> None:
    s3.put_object(Bucket=BUCKET, Key="select/broken", Body=LINE * 2000 + b"{\n")
    received = []
    with pytest.raises(EventStreamError, match="JSONParsingError"):
        received.extend(select("select/broken"))
    s3.put_object(Bucket=BUCKET, Key="select/broken", Body=b"")


def test_thirty_megabytes(s3: Any, select: Select) -> None:
    body = LINE * (30 * 1024 * 1024 // len(LINE)) + b'{"a":1}\n'
    s3.put_object(Bucket=BUCKET, Key="select/large", Body=body)
    assert payload(select("select/large")) == body
    events = list(select("select/large", f"{ALL} WHERE s.name <> 'O''Brien' OR s.a = 1"))
    assert [kind for event in events for kind in event] == ["Cont", "Cont", "Cont", "Records", "Stats", "End"]
    assert events[3] == {"Records": {"Payload": b'{"a":1}\n'}}


def test_a_client_that_hangs_up_leaves_the_object_free(s3: Any, select: Select) -> None:
    s3.put_object(Bucket=BUCKET, Key="select/left", Body=LINE * 200_000)
    found = select("select/left")
    assert "Records" in next(iter(found))
    found.close()
    s3.put_object(Bucket=BUCKET, Key="select/left", Body=b"{}\n")
    assert payload(select("select/left")) == b"{}\n"


def test_queries_run_side_by_side(s3: Any, select: Select) -> None:
    """A short query is not kept by long ones; each has its own answer."""
    for number in range(32):
        s3.put_object(Bucket=BUCKET, Key=f"select/{number}", Body=LINE + b'{"n":%d}\n' % number)
    s3.put_object(Bucket=BUCKET, Key="select/long", Body=LINE * 100_000)
    waiting = [select("select/long") for _ in range(4)]  # which nobody reads on

    def ask(number: int) -> bytes:
        return payload(select(f"select/{number}", f"{ALL} WHERE s.n IS NOT NULL"))

    with ThreadPoolExecutor(32) as pool:
        assert list(pool.map(ask, range(32))) == [b'{"n":%d}\n' % number for number in range(32)]
    for events in waiting:
        events.close()


def test_the_aws_cli_reads_it(cloud: Cloud, s3: Any, tmp_path: Path) -> None:
    s3.put_object(Bucket=BUCKET, Key="select/cli", Body=b'[{"n":1},{"n":2}]')
    asked = ["--bucket", BUCKET, "--key", "select/cli", "--expression-type", "SQL"]
    expression = ["--expression", "SELECT * FROM S3Object[*][*] s WHERE s.n = 2"]
    shapes = ["--input-serialization", json.dumps(DOCUMENT), "--output-serialization", '{"JSON":{}}']
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
    command = [sys.executable, "-m", "awscli", "--endpoint-url", cloud.url, "s3api", "select-object-content"]
    out = tmp_path / "records"
    subprocess.run([*command, *asked, *expression, *shapes, str(out)], env=os.environ | keys, check=True)
    assert out.read_text() == '{"n":2}\n'
