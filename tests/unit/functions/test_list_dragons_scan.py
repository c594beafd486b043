"""The scan engine: whatever the objects hold, and whatever becomes of them between list and read."""

import json
import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from list_dragons import scan
from list_dragons.query import Page, Position, Query, Reading, page
from list_dragons.scan import ScanEngine
from support.fakes import FakeS3

FOLDER = "dragons/family_str=red/"


def line(name: str, **fields: Any) -> bytes:
    found = {"dragon_name_str": name, "family_str": "red"} | fields
    return json.dumps(found, ensure_ascii=False).encode() + b"\n"


def dataset(**objects: bytes) -> FakeS3:
    s3 = FakeS3()
    s3.objects = {f"{FOLDER}{name.replace('_', '.')}": content for name, content in objects.items()}
    return s3


def ask(
    s3: FakeS3, reading: Reading | None = None, after: Position | None = None, **filters: str
) -> Page[Position]:
    engine = ScanEngine(s3, "bucket", "dragons/")  # type: ignore[arg-type]
    return page(engine, Query(filters, 50, after), reading or Reading())


def names(found: Page[Position]) -> list[str]:
    return [each["dragon_name_str"] for each in found.dragons]


def test_a_malformed_line_is_counted_and_logged_with_its_place_and_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    s3 = dataset(
        a_jsonl=line("a") + b"\xff\n" + line("b") + b'{"no": "dragon"}\n', b_jsonl=b"[\n" + line("c")
    )
    reading = Reading()
    with caplog.at_level(logging.WARNING):
        assert names(ask(s3, reading)) == ["a", "b", "c"]
    assert reading == Reading(2, sum(map(len, s3.objects.values())), 3)
    second = len(line("a"))
    told = [record.getMessage() for record in caplog.records]
    assert told[0].startswith(f"{FOLDER}a.jsonl: malformed at byte {second}: ")
    assert told[1].startswith(f"{FOLDER}a.jsonl: malformed at byte {2 * second + 2}: no dragon_name_str")
    assert told[2].startswith(f"{FOLDER}b.jsonl: malformed at byte 0: ")


def test_lines_end_as_they_like() -> None:
    s3 = dataset(a_jsonl=line("a")[:-1] + b"\r\n\r\n\n" + line("b")[:-1], b_jsonl=line("c\r\nd"))
    assert names(ask(s3)) == ["a", "b", "c\r\nd"]
    assert names(ask(s3, dragon_name_str="c\r\nd")) == ["c\r\nd"]


def test_any_other_object_is_one_document() -> None:
    records = [{"dragon_name_str": name, "family_str": "red", "_origin": "0.jsonl"} for name in "bca"]
    s3 = dataset(a_json=json.dumps(records, indent=1).encode(), b_json=json.dumps(records[0]).encode())
    s3.objects[f"{FOLDER}c.json"] = b"nothing"
    reading = Reading()
    assert names(ask(s3, reading)) == ["a", "b", "c", "b"]
    assert reading.malformed == 1
    assert names(ask(s3, after=Position(f"{FOLDER}a.json", "b"))) == ["c", "b"]


@given(st.lists(st.text(max_size=30), unique=True, max_size=20).map(sorted), st.integers(1, 200))
def test_an_object_that_is_read_in_pieces_is_read_the_same(told: list[str], size: int) -> None:
    told = [name.encode(errors="replace").decode() for name in told]
    s3 = dataset(a_jsonl=b"".join(map(line, told)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "_PIECE_BYTES", size)
        patch.setattr(scan, "IN_FLIGHT_BYTES", 0)
        reading = Reading()
        assert names(ask(s3, reading)) == told
        assert reading.bytes == sum(map(len, s3.objects.values()))
        for place, name in enumerate(told):
            assert names(ask(s3, after=Position(f"{FOLDER}a.jsonl", name))) == told[place + 1 :]


def test_a_page_of_whatever_comes_reads_the_beginning_of_an_object(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "_PIECE_BYTES", 1000)
    s3 = dataset(a_jsonl=b"".join(line(f"{number:03}") for number in range(300)))
    reading = Reading()
    assert len(names(ask(s3, reading, family_str="red"))) == 50
    assert reading.bytes < 50 * len(line("000")) + 2000
    assert names(ask(s3, reading, location_city_str="Oslo")) == []
    assert reading.bytes > 300 * len(line("000"))


def test_no_object_is_read_that_was_not_listed() -> None:
    s3 = dataset(a_jsonl=line("a"))
    s3.objects["secret/1.jsonl"] = line("s")
    for key in ("secret/1.jsonl", "dragons/family_str=blue/1.jsonl", "", f"{FOLDER}a.jsonl", "zzz"):
        ask(s3, after=Position(key, ""), family_str="red")
    assert {*s3.read} <= {f"{FOLDER}a.jsonl"}


def test_a_page_goes_on_in_what_was_merged_and_reads_no_empty_object() -> None:
    s3 = dataset(a_jsonl=b"", b_jsonl=line("a", _origin="a.jsonl") + line("b", _origin="a.jsonl") + line("c"))
    assert names(ask(s3, after=Position(f"{FOLDER}a.jsonl", "a"))) == ["b", "c"]
    assert s3.read == [f"{FOLDER}b.jsonl"]


def test_of_a_part_that_stands_twice_the_first_counts_also_if_its_dragons_have_left() -> None:
    copy = line("a", _origin="a.jsonl") + line("b", _origin="b.jsonl")
    s3 = dataset(a_jsonl=b"\n", b_jsonl=line("b", location_city_str="Oslo"), c_jsonl=copy + line("c"))
    assert names(ask(s3)) == ["b", "c"]
    assert names(ask(s3, location_city_str="Rome")) == []


class Late[T](Future[T]):
    """A read that is done no sooner than its result is asked for."""

    def __init__(self, read: Callable[[], T]) -> None:
        super().__init__()
        self._read = read

    def result(self, timeout: float | None = None) -> T:
        return self._read()


class LateReads(Executor):
    """Reads an object whose turn it is after the others that are read ahead of it."""

    def submit[T](self, call: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        if args[0].key == f"{FOLDER}b.jsonl":
            return Late(lambda: call(*args, **kwargs))
        read: Future[T] = Future()
        read.set_result(call(*args, **kwargs))
        return read


class MergingS3(FakeS3):
    """S3 in which the first two of three objects are merged into the last just before the second is read."""

    def __init__(self, gone: bool) -> None:
        super().__init__()
        self.objects = dataset(a_jsonl=line("a"), b_jsonl=line("b"), c_jsonl=line("c")).objects
        self._gone = gone

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:
        first, second, last = (f"{FOLDER}{name}.jsonl" for name in "abc")
        if Key == second:
            assert last in self.read, "it was not read ahead"
            merged = line("a", _origin="a.jsonl") + line("b", _origin="b.jsonl") + line("c")
            self.objects |= {first: b"", second: b"", last: merged}
            if self._gone:
                del self.objects[first], self.objects[second]
        return super().get_object(Bucket, Key)


@pytest.mark.parametrize("gone", [False, True])
def test_what_was_merged_between_list_and_read_is_found_where_it_is(gone: bool) -> None:
    engine = ScanEngine(MergingS3(gone), "bucket", "dragons/", LateReads())  # type: ignore[arg-type]
    assert names(page(engine, Query({}, 50), Reading())) == ["a", "b", "c"]
