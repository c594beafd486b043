"""DynamoDB from moto: one writer wins, and the stream's records are AWS's."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from localstack.aws.api import CommonServiceException, ServiceException, ServiceRequest
from localstack.aws.forwarder import create_aws_request_context
from localstack.services.moto import call_moto
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing import partiql

from localcloud.dynamodb import call_alone, corrected, get_records, is_change, space_statements, spaced
from localcloud.dynamodb_transactions import copy_only_what_is_written

TABLE = "t"
ACCOUNT = "000000000000"


DONE = "moto does this itself now: delete it from dynamodb.py"
KEY = {"k": {"S": "a"}}
PARSE = partiql.query
TRANSACT = DynamoDBBackend.transact_write_items

binary = st.binary(min_size=1, max_size=4)
attributes = st.recursive(
    st.fixed_dictionaries({"B": binary})
    | st.fixed_dictionaries({"BS": st.lists(binary, min_size=1, max_size=3, unique=True)})
    | st.fixed_dictionaries({"S": st.text(max_size=4)})
    | st.just({"NULL": True}),
    lambda inner: (
        st.fixed_dictionaries({"L": st.lists(inner, max_size=3)})
        | st.fixed_dictionaries({"M": st.dictionaries(st.sampled_from("BLM"), inner, max_size=3)})
    ),
    max_leaves=5,
)


def call(service: str, operation: str, original: bool = False, **parameters: Any) -> Any:
    context = create_aws_request_context(service, operation, "json", parameters, region="us-east-1")
    context.account_id = ACCOUNT
    context.request.headers["x-moto-account-id"] = ACCOUNT
    response = get_records if operation == "GetRecords" else call_alone
    return call_moto(context) if original else response(context, cast("ServiceRequest", parameters))


@pytest.fixture(autouse=True)
def corrections(monkeypatch: pytest.MonkeyPatch) -> None:
    """The corrections of moto, for the one test: what is set here is put back."""
    for name in ("query", "get_query_metadata"):
        monkeypatch.setattr(partiql, name, getattr(partiql, name))
    space_statements()
    monkeypatch.setattr(DynamoDBBackend, "transact_write_items", TRANSACT)
    copy_only_what_is_written()


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
    monkeypatch.setattr("localcloud.dynamodb._KEPT_ITERATORS", 2)
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


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=attributes, later=attributes)
def test_the_stream_has_the_values_that_the_table_has(stream: str, value: Any, later: Any) -> None:
    call("dynamodb", "DeleteItem", TableName=TABLE, Key=KEY)
    call("dynamodb", "PutItem", TableName=TABLE, Item={**KEY, "v": value})
    call(
        "dynamodb",
        "UpdateItem",
        TableName=TABLE,
        Key=KEY,
        UpdateExpression="SET w = :w",
        ExpressionAttributeValues={":w": later},
    )
    record = call("dynamodbstreams", "GetRecords", ShardIterator=iterator(stream))["Records"][-1]["dynamodb"]
    assert record["Keys"] == KEY
    assert record["OldImage"] == {**KEY, "v": value}
    assert record["NewImage"] == {**KEY, "v": value, "w": later}
    assert record["NewImage"] == call("dynamodb", "GetItem", TableName=TABLE, Key=KEY)["Item"]


def test_a_number_and_a_time_are_in_a_record(stream: str) -> None:
    put("a", 1)
    page = call("dynamodbstreams", "GetRecords", ShardIterator=iterator(stream), Limit=1)
    assert page.keys() == {"Records", "NextShardIterator"}
    record = page["Records"][0]
    assert record["dynamodb"]["NewImage"]["writer"] == {"N": "1"}
    assert record["dynamodb"]["ApproximateCreationDateTime"].year >= 2026


@pytest.mark.parametrize("original", [False, True])
def test_only_what_was_asked_for_is_answered(original: bool) -> None:
    item: Any = {"TableName": TABLE, "Item": {**KEY, "v": {"S": "1"}}}
    delete: Any = {"TableName": TABLE, "Key": KEY}
    extra = [
        call("dynamodb", "PutItem", original, **item, ReturnValues="ALL_OLD").get("Attributes"),
        call("dynamodb", "UpdateItem", original, TableName=TABLE, Key=KEY, UpdateExpression="REMOVE x").get(
            "ConsumedCapacity"
        ),
        call("dynamodb", "Scan", original, TableName=TABLE, Select="COUNT").get("Items"),
        call("dynamodb", "DeleteItem", original, **delete).get("Attributes"),
        call("dynamodb", "DeleteItem", original, TableName=TABLE, Key=KEY, ReturnValues="ALL_OLD").get(
            "Attributes"
        ),
    ]
    assert [each is not None for each in extra] == [original] * len(extra), DONE if original else extra


def test_what_was_asked_for_is_answered() -> None:
    item: Any = {"TableName": TABLE, "Item": {**KEY, "v": {"S": "1"}}}
    call("dynamodb", "PutItem", **item)
    assert call("dynamodb", "PutItem", **item, ReturnValues="ALL_OLD")["Attributes"] == item["Item"]
    counted = call("dynamodb", "Scan", TableName=TABLE, Select="COUNT", ReturnConsumedCapacity="TOTAL")
    assert counted["Count"] == counted["ScannedCount"] == 1
    assert counted["ConsumedCapacity"]["TableName"] == TABLE
    assert call("dynamodb", "Scan", TableName=TABLE)["Items"] == [item["Item"]]
    assert call("dynamodb", "DeleteItem", TableName=TABLE, Key=KEY, ReturnValues="ALL_OLD")["Attributes"]


def test_moto_encodes_binary_attributes_of_the_stream_twice(stream: str) -> None:
    call("dynamodb", "PutItem", TableName=TABLE, Item={**KEY, "v": {"B": b"\x90"}})
    page = call("dynamodbstreams", "GetRecords", original=True, ShardIterator=iterator(stream))
    assert page["Records"][-1]["dynamodb"]["NewImage"]["v"] == {"B": b"kA=="}, DONE


PARTS = st.sampled_from(["a", " ", "=", "<", ">", "<>", "<=", ">=", "'x=y'", "'it''s <'", '"q>"', "?", "\n"])


@given(st.lists(PARTS).map("".join))
def test_spacing_changes_nothing_but_white_space_outside_quotes(statement: str) -> None:
    assert "".join(spaced(statement).split()) == "".join(statement.split())
    assert spaced(spaced(statement)) == spaced(statement)


@pytest.mark.parametrize("condition", ["v='1=1'", "v = '1=1'", "v= '1=1' AND k='a'", "k=?"])
def test_partiql_needs_no_spaces(condition: str) -> None:
    call("dynamodb", "PutItem", TableName=TABLE, Item={**KEY, "v": {"S": "1=1"}})
    parameters: Any = {"Parameters": [{"S": "a"}]} if "?" in condition else {}
    statement = f'SELECT * FROM "{TABLE}" WHERE {condition}'
    assert len(call("dynamodb", "ExecuteStatement", Statement=statement, **parameters)["Items"]) == 1


def test_moto_needs_spaces() -> None:
    try:
        PARSE(f"SELECT * FROM {TABLE} WHERE k='a'", {TABLE: [KEY]}, [])
    except AttributeError:
        return
    pytest.fail(DONE)


NESTED: Any = {"L": [{"M": {"x": {"B": b"a"}}}]}


def test_an_item_with_nested_bytes_can_be_deleted(stream: str) -> None:
    call("dynamodb", "PutItem", TableName=TABLE, Item={**KEY, "v": NESTED})
    call("dynamodb", "DeleteItem", TableName=TABLE, Key=KEY)
    record = call("dynamodbstreams", "GetRecords", ShardIterator=iterator(stream))["Records"][-1]
    assert (record["eventName"], record["dynamodb"]["OldImage"]["v"]) == ("REMOVE", NESTED)


VALUE = {":v": {"N": "1"}}
NEW = {"ConditionExpression": "attribute_not_exists(k)"}
kinds = st.sampled_from(["Put", "Put if new", "Update", "Delete", "ConditionCheck", "Update of a text"])
transactions = st.lists(st.tuples(kinds, st.sampled_from("abcd")), min_size=1, max_size=5)


def operation(kind: str, key: str) -> dict[str, Any]:
    item, at = {"k": {"S": key}}, {"TableName": TABLE, "Key": {"k": {"S": key}}}
    added = {"UpdateExpression": "ADD n :v", "ExpressionAttributeValues": VALUE}
    return {
        "Put": {"Put": {"TableName": TABLE, "Item": {**item, "n": {"N": "5"}}}},
        "Put if new": {"Put": {"TableName": TABLE, "Item": item, **NEW}},
        "Update": {"Update": {**at, **added}},
        "Delete": {"Delete": at},
        "ConditionCheck": {"ConditionCheck": {**at, **NEW}},
        "Update of a text": {"Update": {**at, **added, "UpdateExpression": "ADD k :v"}},
    }[kind]


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(transactions, min_size=1, max_size=4))
def test_a_transaction_is_done_whole_or_not_at_all(stream: str, wanted: Any) -> None:
    for key in "abcd":
        call("dynamodb", "DeleteItem", TableName=TABLE, Key={"k": {"S": key}})

    def state() -> Any:
        items = call("dynamodb", "Scan", TableName=TABLE)["Items"]
        page = call("dynamodbstreams", "GetRecords", ShardIterator=iterator(stream))
        return sorted(items, key=lambda item: item["k"]["S"]), page["Records"]

    for each in wanted:
        before = state()
        try:
            call("dynamodb", "TransactWriteItems", TransactItems=[operation(*parts) for parts in each])
        except (ServiceException, CommonServiceException):
            assert state() == before
        else:
            touched = {key for kind, key in each if kind != "ConditionCheck"}
            assert [item for item in state()[0] if item["k"]["S"] not in touched] == [
                item for item in before[0] if item["k"]["S"] not in touched
            ]


@pytest.mark.parametrize("original", [False, True])
def test_a_transaction_copies_no_table(original: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[object] = []

    def copy(table: Table, _: Any) -> Table:
        copied.append(table)
        return table

    monkeypatch.setattr(Table, "__deepcopy__", copy, raising=False)
    if original:
        monkeypatch.setattr(DynamoDBBackend, "transact_write_items", TRANSACT)
    call("dynamodb", "TransactWriteItems", TransactItems=[operation("Update", "a")])
    assert bool(copied) == original, DONE if original else copied
