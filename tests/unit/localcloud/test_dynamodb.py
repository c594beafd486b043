"""DynamoDB from moto: one writer wins, and the stream's records are AWS's."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from localstack.aws.api import CommonServiceException, ServiceException, ServiceRequest
from localstack.aws.forwarder import create_aws_request_context

from localcloud_plugin.dynamodb import call_alone, corrected, get_records, is_change

TABLE = "t"
ACCOUNT = "000000000000"


def call(service: str, operation: str, **parameters: Any) -> Any:
    context = create_aws_request_context(service, operation, "json", parameters, region="us-east-1")
    context.account_id = ACCOUNT
    context.request.headers["x-moto-account-id"] = ACCOUNT
    answer = get_records if operation == "GetRecords" else call_alone
    return answer(context, cast("ServiceRequest", parameters))


@pytest.fixture(autouse=True)
def stream() -> Iterator[str]:
    table = call(
        "dynamodb",
        "CreateTable",
        TableName=TABLE,
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    yield table["TableDescription"]["LatestStreamArn"]
    call("dynamodb", "DeleteTable", TableName=TABLE)


def put(key: str, writer: int) -> bool:
    try:
        call(
            "dynamodb",
            "PutItem",
            TableName=TABLE,
            Item={"k": {"S": key}, "writer": {"N": str(writer)}},
            ConditionExpression="attribute_not_exists(k)",
        )
    except ServiceException as error:
        if error.code != "ConditionalCheckFailedException":
            raise
        return False
    return True


def iterator(stream: str) -> str:
    shards = call("dynamodbstreams", "DescribeStream", StreamArn=stream)["StreamDescription"]
    return str(
        call(
            "dynamodbstreams",
            "GetShardIterator",
            StreamArn=stream,
            ShardId=shards["Shards"][0]["ShardId"],
            ShardIteratorType="TRIM_HORIZON",
        )["ShardIterator"]
    )


def test_of_many_writers_with_a_condition_one_wins(stream: str) -> None:
    with ThreadPoolExecutor(20) as threads:
        won = list(threads.map(lambda writer: put("same", writer), range(20)))

    assert won.count(True) == 1
    item = call("dynamodb", "GetItem", TableName=TABLE, Key={"k": {"S": "same"}})["Item"]
    assert item["writer"]["N"] == str(won.index(True))


def test_the_stream_has_each_change_once_and_in_order(stream: str) -> None:
    key = {"k": {"S": "a"}}
    call("dynamodb", "PutItem", TableName=TABLE, Item={**key, "v": {"S": "1"}})
    call("dynamodb", "PutItem", TableName=TABLE, Item={**key, "v": {"S": "1"}})
    call("dynamodb", "PutItem", TableName=TABLE, Item={**key, "v": {"S": "2"}})
    call("dynamodb", "DeleteItem", TableName=TABLE, Key=key)

    records = call("dynamodbstreams", "GetRecords", ShardIterator=iterator(stream))["Records"]

    images = [(record["eventName"], sorted(record["dynamodb"].keys())) for record in records]
    both = ["NewImage", "OldImage"]
    assert [name for name, _ in images] == ["INSERT", "MODIFY", "REMOVE"]
    assert [[each for each in both if each in keys] for _, keys in images] == [
        ["NewImage"],
        both,
        ["OldImage"],
    ]


def test_iterators_go_on_and_old_ones_expire(stream: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("localcloud_plugin.dynamodb._KEPT_ITERATORS", 2)
    first = current = iterator(stream)
    for writer in range(3):
        put(f"key-{writer}", writer)
        page = call("dynamodbstreams", "GetRecords", ShardIterator=current)
        assert len(page["Records"]) == 1
        current = page["NextShardIterator"]

    with pytest.raises(CommonServiceException) as failure:
        call("dynamodbstreams", "GetRecords", ShardIterator=first)
    assert failure.value.code == "ExpiredIteratorException"


@pytest.mark.parametrize(
    ("event", "images", "left"),
    [
        ("INSERT", {"NewImage": {"a": 1}, "OldImage": {}}, {"NewImage": {"a": 1}}),
        ("REMOVE", {"NewImage": {}, "OldImage": {"a": 1}}, {"OldImage": {"a": 1}}),
        ("MODIFY", {"NewImage": {"a": 1}}, {"NewImage": {"a": 1}}),
        ("MODIFY", {"Keys": {}}, {"Keys": {}}),
    ],
)
def test_a_record_has_the_images_it_can_have(
    event: str, images: dict[str, Any], left: dict[str, Any]
) -> None:
    record = corrected({"eventName": event, "dynamodb": images})
    assert record == {"eventName": event, "dynamodb": left}
    assert is_change(record)
