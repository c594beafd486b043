"""The stream into the dataset: applied once, twice or in pieces, it is the table's copy."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragons.attributes import plain
from dragons.dataset import from_lines, object_key, to_lines
from dragons.fields import RECORD_NAMES
from support.fakes import PARAMETERS, FakeS3, PreconditionFailed
from write_dataset.changes import read_changes
from write_dataset.store import Dataset

Dragon = dict[str, str]


def dragon(name: str, family: str = "red", city: str = "Oslo") -> Dragon:
    fields = dict.fromkeys(RECORD_NAMES.values(), "x")
    return fields | {"dragon_name_str": name, "family_str": family, "location_city_str": city}


def image(of: Dragon | None) -> dict[str, dict[str, str]] | None:
    return None if of is None else {k: {"S": v} for k, v in of.items()} | {"report_id": {"S": "r"}}


def record(sequence: int, old: Dragon | None, new: Dragon | None) -> dict[str, Any]:
    images = {"OldImage": image(old), "NewImage": image(new)}
    return {
        "dynamodb": {"SequenceNumber": str(sequence)} | {k: v for k, v in images.items() if v is not None}
    }


def content(s3: FakeS3) -> dict[str, Dragon]:
    """The dataset as a reader sees it; a dragon that stands twice is an error."""
    found = [each for body in s3.objects.values() for each in from_lines(body.split(b"\n"))]
    by_name = {each["dragon_name_str"]: each for each in found}
    assert len(by_name) == len(found)
    return by_name


def apply(s3: FakeS3, records: list[dict[str, Any]]) -> None:
    Dataset(s3, "bucket", "dragons/").apply(read_changes(records))  # type: ignore[arg-type]


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[dict[str, Any]], dict[str, Dragon]]:
    """A table's life as its stream tells it, and what is in the table at the end."""
    table: dict[str, Dragon] = {}
    records = []
    steps = st.tuples(
        st.sampled_from("abcd"), st.sampled_from(["red", "blue", None]), st.sampled_from(["Oslo", "Rome"])
    )
    for sequence, (name, family, city) in enumerate(draw(st.lists(steps, max_size=25))):
        old = table.get(name)
        new = None if family is None else dragon(name, family, city)
        if old == new:
            continue  # DynamoDB writes no record of a change that changes nothing
        records.append(record(sequence, old, new))
        table.pop(name, None)
        if new is not None:
            table[name] = new
    return records, table


@given(histories(), st.data())
def test_however_the_stream_is_cut_and_retried_the_dataset_is_the_table(
    history: tuple[list[dict[str, Any]], dict[str, Dragon]], data: st.DataObject
) -> None:
    records, table = history
    s3 = FakeS3()
    start = 0
    while start < len(records):
        # a batch that was written but not acknowledged comes again, shorter, longer or the same
        for _ in range(data.draw(st.integers(0, 2))):
            apply(s3, records[start : start + data.draw(st.integers(1, 6))])
        end = start + data.draw(st.integers(1, 6))
        apply(s3, records[start:end])
        start = end
    assert content(s3) == table


def test_a_retried_batch_writes_the_same_object() -> None:
    s3 = FakeS3()
    batch = [record(7, None, dragon("a")), record(9, None, dragon("b"))]
    apply(s3, batch)
    before = dict(s3.objects)
    apply(s3, batch)
    assert s3.objects == before == {object_key("dragons/", "red", "7"): to_lines([dragon("a"), dragon("b")])}


def test_a_backfill_reads_and_writes_each_object_once_and_finishes_a_family_before_the_next() -> None:
    class CountingS3(FakeS3):
        def put_object(self, **given: Any) -> None:  # type: ignore[override]
            written.append(given["Key"])
            super().put_object(**given)

    written: list[str] = []
    s3 = CountingS3()
    dragons = [dragon(f"{n}", ["blue", "red"][n % 2]) for n in range(40)]
    for start in range(0, 40, 10):
        records = [record(start + n, None, each) for n, each in enumerate(dragons[start : start + 10])]
        apply(s3, records)
    keys = list(s3.objects)
    written.clear()
    apply(s3, [record(100 + n, each, each | {"description_str": "y"}) for n, each in enumerate(dragons)])
    assert sorted(s3.read) == sorted(keys)
    assert len(written) == len(keys) + 2
    assert [key.split("/")[1] for key in written] == ["family_str=blue"] * 5 + ["family_str=red"] * 5
    assert {each["description_str"] for each in content(s3).values()} == {"y"}


def test_what_is_not_the_dragons_own_stays_out() -> None:
    s3 = FakeS3()
    apply(s3, [record(1, None, dragon("a"))])
    assert content(s3) == {"a": dragon("a")}


def test_an_object_rewritten_meanwhile_fails_the_batch() -> None:
    class RacingS3(FakeS3):
        def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:
            found = super().get_object(Bucket, Key)
            self.objects[Key] = to_lines([dragon("a"), dragon("late")])
            return found

    s3 = RacingS3()
    apply(s3, [record(1, None, dragon("a"))])
    with pytest.raises(PreconditionFailed):
        apply(s3, [record(2, dragon("a"), None)])
    assert "late" in content(s3)


def test_records_before_an_unreadable_one_are_written_and_it_is_named(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from write_dataset import handler

    s3 = FakeS3()
    monkeypatch.setattr(handler, "s3", s3)
    monkeypatch.setattr(handler, "parameters", PARAMETERS)
    broken = record(2, None, dragon("b"))
    del broken["dynamodb"]["NewImage"]["family_str"]
    batch = [record(1, None, dragon("a")), broken, record(3, None, dragon("c"))]
    assert handler.handler({"Records": batch}, None) == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert caplog.messages == ["record 2: not a dragon: family_str is missing or no string"]
    assert content(s3) == {"a": dragon("a")}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12345678901234567890", 12345678901234567890),
        ("-98765432109876543210", -98765432109876543210),
        ("-1.5", -1.5),
    ],
)
def test_a_number_is_whole_where_dynamodb_has_it_whole(text: str, number: float) -> None:
    assert plain({"N": text}) == number
    assert type(plain({"N": text})) is type(number)


def test_a_dragon_that_loses_its_family_is_reported_and_listed_no_more_until_it_has_one_again() -> None:
    s3 = FakeS3()
    lost = record(2, dragon("a"), dragon("a"))
    lost["dynamodb"]["NewImage"]["family_str"] = {"N": "7"}
    apply(s3, [record(1, None, dragon("a")), record(1, None, dragon("b"))])
    changes = read_changes([lost])
    assert (changes.failed_at, changes.reason) == ("2", "not a dragon: family_str is missing or no string")
    for _ in range(2):  # Lambda tries it again
        apply(s3, [lost])
        assert content(s3) == {"b": dragon("b")}
    found = record(3, dragon("a"), dragon("a", "blue"))
    found["dynamodb"]["OldImage"] = lost["dynamodb"]["NewImage"]
    apply(s3, [found])
    assert content(s3) == {"a": dragon("a", "blue"), "b": dragon("b")}


@pytest.mark.parametrize("spoilt", [None, {"N": "7"}, {"NULL": True}, {"SS": ["red"]}])
def test_removing_what_was_never_listed_is_nothing_to_do(spoilt: dict[str, Any] | None) -> None:
    s3 = FakeS3()
    removed = record(1, dragon("a"), None)
    del removed["dynamodb"]["OldImage"]["family_str"]
    if spoilt is not None:
        removed["dynamodb"]["OldImage"]["family_str"] = spoilt
    assert read_changes([removed]).failed_at is None
    apply(s3, [removed])
    assert s3.objects == {}


def test_a_type_that_dynamodb_has_not_got_yet_is_reported() -> None:
    new = record(1, None, dragon("a"))
    new["dynamodb"]["NewImage"]["location_city_str"] = {"VEC": "1,2"}
    assert read_changes([new]).reason == "type VEC of an attribute is not known"


def test_it_reads_the_event_that_lambda_documents() -> None:
    event = json.loads((Path(__file__).parents[2] / "fixtures/events/dynamodb_stream.json").read_text())
    changes = read_changes(event["Records"])
    assert changes.failed_at is None
    assert list(changes.arrived) == ["Atlas"]
    assert [gone["dragon_name_str"] for gone in changes.gone] == ["Atlas", "Briar"]
