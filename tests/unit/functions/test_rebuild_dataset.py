"""Whatever the dataset has become, a rebuild makes it the table's copy, and touches nothing that is right."""

from datetime import timedelta
from typing import Any

import boto3
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from moto import mock_aws

from compact_family.folder import Folder
from dragons import registry
from dragons.dataset import family_folder, object_key, to_lines
from dragons.fields import RECORD_NAMES
from dragons.merged import each_once, to_object
from rebuild_dataset.record import Record
from rebuild_dataset.repair import Repair
from support.fake_record import FakeRecord
from support.fakes import NOW, FakeS3, PreconditionFailed
from support.interleaving import Interleaving, stepping

Dragon = dict[str, str]
FAMILIES = ["red", "blue"]


def dragon(name: str, family: str = "red", city: str = "Oslo") -> Dragon:
    fields = dict.fromkeys(RECORD_NAMES.values(), "x")
    return fields | {"dragon_name_str": name, "family_str": family, "location_city_str": city}


def rebuild(s3: FakeS3, record: FakeRecord) -> None:
    repair = Repair(s3, "bucket", "dragons/", record)  # type: ignore[arg-type]
    for family in FAMILIES:
        repair.tell_missing(family, "now")
    for family in FAMILIES:
        repair.take_away(family_folder("dragons/", family))


def content(s3: FakeS3) -> list[Dragon]:
    objects = ((key, body.splitlines()) for key, body in sorted(s3.objects.items()))
    return sorted((each for _, each in each_once(objects)), key=lambda each: each["dragon_name_str"])


dragons = st.builds(
    dragon, st.sampled_from("abcd"), st.sampled_from(FAMILIES), st.sampled_from(["Oslo", "Rome"])
)
tables = st.lists(dragons, max_size=4, unique_by=lambda each: each["dragon_name_str"])
places = st.tuples(st.sampled_from(FAMILIES), st.integers(0, 2), st.integers(0, 2))


@example([dragon("a")], {("red", 0, 0): [], ("red", 1, 1): [dragon("a")], ("red", 2, 0): [dragon("a")]})
@given(tables, st.dictionaries(places, st.lists(dragons, max_size=3), max_size=6))
def test_whatever_was_in_the_dataset_it_is_the_table(
    table: list[Dragon], lines: dict[tuple[str, int, int], list[Dragon]]
) -> None:
    s3 = FakeS3()
    parts: dict[str, dict[str, list[Dragon]]] = {}
    for (family, place, origin), part in lines.items():
        key = object_key("dragons/", family, str(place))
        parts.setdefault(key, {})[object_key("dragons/", family, str(min(origin, place)))] = part
    s3.objects = {key: to_object(key, part) for key, part in parts.items()}
    record = FakeRecord(s3, table, {each["dragon_name_str"] for each in table[::2]})
    rebuild(s3, record)
    assert content(s3) == sorted(table, key=lambda each: each["dragon_name_str"])
    assert record.unregistered == set()
    record.told.clear()
    before = dict(s3.objects)
    rebuild(s3, record)
    assert (record.told, s3.objects) == ([], before)


@given(st.data())
def test_no_dragon_is_lost_while_objects_are_merged(data: st.DataObject) -> None:
    s3 = FakeS3()
    for place, part in enumerate(data.draw(st.lists(st.lists(dragons, max_size=2), max_size=4))):
        s3.objects[object_key("dragons/", "red", str(place))] = to_lines(part) or b"\n"
    table = data.draw(tables)
    record = FakeRecord(s3, table)
    order = Interleaving(lambda number: data.draw(st.integers(0, number - 1)))
    shared = stepping(s3, order.step, "paginate", "get_object", "put_object", "delete_objects")
    folder = Folder(shared, "bucket", family_folder("dragons/", "red"), NOW, timedelta(days=1))
    order.run(lambda: rebuild(shared, record), folder.compact)
    listed = content(s3)
    assert all(each in listed for each in table)
    rebuild(s3, record)
    assert content(s3) == sorted(table, key=lambda each: each["dragon_name_str"])


def test_what_is_right_is_not_touched() -> None:
    s3, right = FakeS3(), [dragon("a"), dragon("b")]
    key = object_key("dragons/", "red", "1")
    s3.objects[key] = to_object(key, {key: right})
    record = FakeRecord(s3, [*right, dragon("c")])
    rebuild(s3, record)
    assert record.told == ["c"]
    assert s3.objects[key] == to_object(key, {key: right})


def test_an_object_that_is_changed_meanwhile_is_looked_at_again() -> None:
    class BusyS3(FakeS3):
        def put_object(self, **given: Any) -> None:  # type: ignore[override]
            if given["Key"] == key and self.objects[key] != newer:
                self.objects[key] = newer
                raise PreconditionFailed(key)
            super().put_object(**given)

    key = object_key("dragons/", "red", "1")
    s3, newer = BusyS3(), to_object(key, {key: [dragon("gone"), dragon("new")]})
    s3.objects[key] = to_object(key, {key: [dragon("gone")]})
    rebuild(s3, FakeRecord(s3, [dragon("new")]))
    assert content(s3) == [dragon("new")]


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A table with an index, of 120 dragons; one is not in the registry, and one more cannot be listed."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws(config={"core": {"service_whitelist": None}}):
        client = boto3.client("dynamodb")
        names = ("dragon_name_str", "family_str")
        keys: Any = [[{"AttributeName": name, "KeyType": "HASH"}] for name in names]
        client.create_table(
            TableName="dragons",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
            KeySchema=keys[0],
            BillingMode="PAY_PER_REQUEST",
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by_family",
                    "KeySchema": keys[1],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ],
        )
        for number in range(120):
            own = dragon(f"{number}", FAMILIES[number % 2])
            item: Any = {name: {"S": text} for name, text in own.items()} | {"report_id": {"S": "r"}}
            client.put_item(TableName="dragons", Item=item | (registry.ITEM if number else {}))
        client.put_item(TableName="dragons", Item={"dragon_name_str": {"S": "of no family"}})
        yield Record(client, "dragons", "by_family")


def test_the_table_is_read_by_family_by_name_and_as_a_whole(record: Record) -> None:
    assert record.families(None) == (["blue", "red"], None)
    assert len(record.of_family("red")) == 60
    assert record.of_family("red")["0"] == (dragon("0"), False)
    assert record.of_family("red")["2"] == (dragon("2"), True)
    assert record.of_family("none") == {}
    assert record.named({"1", "of no family", "nobody"}) == {"1": dragon("1", "blue")}
    assert len(record.named({f"{number}" for number in range(120)})) == 120


def test_what_is_told_again_is_the_same_dragon_and_what_is_gone_stays_gone(record: Record) -> None:
    record.tell_again("0", "now")
    record.tell_again("nobody", "now")
    item = boto3.client("dynamodb").get_item(TableName="dragons", Key={"dragon_name_str": {"S": "0"}})["Item"]
    assert item["touched_at"] == {"S": "now"}
    assert record.named({"0", "nobody"}) == {"0": dragon("0")}


def test_what_is_entered_in_the_registry_is_in_the_index_and_what_is_gone_stays_gone(record: Record) -> None:
    record.register("0")
    record.register("nobody")
    assert record.of_family("red")["0"] == (dragon("0"), True)
    assert record.named({"0", "nobody"}) == {"0": dragon("0")}
