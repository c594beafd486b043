"""Small objects are merged while others read and write: each dragon is seen once, and none is lost."""

from concurrent.futures import Executor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compact_family.folder import Compacted, Folder
from dragons.dataset import family_folder, object_key, to_lines
from dragons.fields import RECORD_NAMES
from dragons.merged import parts_of
from list_dragons.query import Position, Query, Reading, page
from list_dragons.scan import ScanEngine
from support.fakes import NOW, FakeS3, PreconditionFailed
from support.interleaving import InterleavedThreads, Interleaving, stepping
from write_dataset.changes import Changes
from write_dataset.store import Dataset

FOLDER = family_folder("dragons/", "red")
DAY = timedelta(days=1)


def dragon(name: str, family: str = "red") -> dict[str, str]:
    return dict.fromkeys(RECORD_NAMES.values(), "x") | {"dragon_name_str": name, "family_str": family}


def key(sequence: int) -> str:
    return object_key("dragons/", "red", str(sequence))


def dataset(*objects: list[str]) -> FakeS3:
    """A family's objects, with the names of the dragons in each."""
    s3 = FakeS3()
    for sequence, names in enumerate(objects):
        s3.objects[key(sequence)] = to_lines([dragon(name) for name in names])
    return s3


def compact(s3: Any) -> tuple[int, int]:
    """How many objects were merged, and how many emptied ones deleted."""
    done = Folder(s3, "bucket", FOLDER, NOW, DAY).compact()
    assert not done.more
    return done.merged, done.deleted


def names_read(s3: Any, limit: int = 3, threads: Executor | None = None) -> list[str]:
    """All that a reader gets who asks for one page after the other."""
    engine = ScanEngine(s3, "bucket", "dragons/", threads)
    names: list[str] = []
    after: Position | None = None
    while True:
        found = page(engine, Query({}, limit, after), Reading())
        names += [each["dragon_name_str"] for each in found.dragons]
        if found.next_after is None:
            return names
        after = found.next_after


def write(s3: Any, sequence: int, gone: list[str], arrived: list[str]) -> None:
    """A batch of the stream, told again until it is written."""
    changes = Changes(
        gone=[dragon(name) for name in gone],
        arrived={name: dragon(name) for name in arrived},
        first={"red": str(sequence)} if arrived else {},
    )
    while True:
        try:
            Dataset(s3, "bucket", "dragons/").apply(changes)
        except PreconditionFailed:
            continue
        return


def test_small_neighbours_become_one_object_and_a_reader_sees_the_same() -> None:
    s3 = dataset(["c"], ["a", "d"], ["b"])
    before = names_read(s3)
    assert compact(s3) == (2, 0)
    assert [bool(body) for body in s3.objects.values()] == [False, False, True]
    assert names_read(s3) == before == ["c", "a", "d", "b"]
    assert compact(s3) == (0, 0)
    s3.recent.clear()
    assert compact(s3) == (0, 2)
    assert list(s3.objects) == [key(2)]
    assert names_read(s3) == before


def test_what_was_merged_is_merged_again_and_left_by_one_dragon_after_the_other() -> None:
    s3 = dataset(["a"], ["b"])
    compact(s3)
    s3.recent.clear()
    s3.objects[key(2)] = to_lines([dragon("c")])
    compact(s3)
    assert list(parts_of(key(2), s3.objects[key(2)].splitlines())) == [key(0), key(1), key(2)]
    for left in (["a", "c"], ["c"], []):
        write(s3, 9, [name for name in "abc" if name not in left], [])
        assert names_read(s3) == left
    assert s3.objects[key(2)]


def test_a_page_goes_on_where_the_one_before_ended_though_all_was_merged_in_between() -> None:
    for taken in range(1, 6):
        s3 = dataset(["a", "b"], ["c", "d"], ["e", "f"])
        engine: Any = ScanEngine(s3, "bucket", "dragons/")  # type: ignore[arg-type]
        first = page(engine, Query({}, taken), Reading())
        compact(s3)
        s3.recent.clear()
        compact(s3)
        rest = page(engine, Query({}, 9, first.next_after), Reading())
        assert [each["dragon_name_str"] for each in first.dragons + rest.dragons] == list("abcdef")


def test_what_is_not_settled_or_large_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    s3 = dataset(["a"], ["b"], ["c"], ["d"], ["e"])
    s3.recent = {key(1)}
    monkeypatch.setattr("compact_family.folder.MERGED_BYTES", 2 * len(s3.objects[key(0)]))
    before = dict(s3.objects)
    assert compact(s3) == (1, 0)
    assert {name for name, body in before.items() if s3.objects[name] != body} == {key(2), key(3)}
    assert names_read(s3) == list("abcde")


def test_an_object_that_was_changed_meanwhile_keeps_what_it_has() -> None:
    class ChangedS3(FakeS3):
        def put_object(self, *args: Any, **given: Any) -> None:
            super().put_object(*args, **given)
            if given["Key"] == key(2):
                self.objects[key(1)] = to_lines([dragon("c")])  # b has left

    s3 = ChangedS3()
    s3.objects = dataset(["a"], ["b", "c"], ["d"]).objects
    assert compact(s3) == (0, 0)
    assert names_read(s3) == ["a", "c", "d"]
    s3.recent.clear()
    assert compact(s3) == (2, 0)
    assert names_read(s3) == ["a", "c", "d"]


def test_a_call_merges_as_much_as_it_can_and_says_that_there_is_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compact_family.folder.MERGED_AT_ONCE", 2)
    s3 = dataset(*[[name] for name in "abcdefg"])
    merged: list[Compacted] = []
    while not merged or merged[-1].more:
        merged.append(Folder(s3, "bucket", FOLDER, NOW, DAY).compact())  # type: ignore[arg-type]
    assert len(merged) > 1
    assert names_read(s3) == list("abcdefg")
    assert sum(bool(body) for body in s3.objects.values()) == 7 - sum(each.merged for each in merged)


def test_a_batch_that_comes_again_leaves_what_was_merged_into_its_object() -> None:
    s3 = dataset(["a"], ["b"])
    compact(s3)
    write(s3, 1, [], ["b"])
    write(s3, 0, [], ["a"])
    assert sorted(names_read(s3)) == ["a", "b"]


def test_a_folder_of_nothing_is_left_as_it_is() -> None:
    assert compact(FakeS3()) == (0, 0)


@settings(max_examples=100)
@given(st.data())
def test_in_whatever_order_all_happens_every_dragon_is_seen_once(data: st.DataObject) -> None:
    s3 = dataset(*data.draw(st.lists(st.lists(st.sampled_from("abc"), max_size=2), max_size=4).map(unique)))
    for sequence in (10, 20):
        s3.recent.clear()
        write_read_and_compact(s3, sequence, data)


def write_read_and_compact(s3: FakeS3, sequence: int, data: st.DataObject) -> None:
    """Let dragons be changed, read and merged at once, in an order that the test draws."""
    here = names_read(s3)
    leaving = sorted(data.draw(st.sets(st.sampled_from(here), max_size=2))) if here else []
    staying = sorted({*here} - {*leaving})
    arriving = [f"new {place}" for place in range(sequence, sequence + len(leaving))]
    limits = data.draw(st.lists(st.integers(1, 3), max_size=2))
    seen: list[list[str]] = []
    order = Interleaving(lambda number: data.draw(st.integers(0, number - 1)))
    shared = stepping(s3, order.step, "paginate", "get_object", "put_object", "delete_objects")

    def write_all() -> None:
        for place, (gone, arrived) in enumerate(zip(leaving, arriving, strict=True), start=sequence):
            write(shared, place, [gone], [arrived])

    def read_all() -> None:
        seen.extend(names_read(shared, limit, InterleavedThreads(order)) for limit in limits)

    order.run(write_all, read_all, lambda: compact(shared), lambda: compact(shared))
    for names in seen:
        assert sorted(name for name in names if name in staying) == staying
        assert len(names) == len({*names})
    assert sorted(names_read(s3)) == sorted([*staying, *arriving])


def unique(objects: list[list[str]]) -> list[list[str]]:
    """Names that are there once."""
    return [[f"{name}{place}{n}" for n, name in enumerate(names)] for place, names in enumerate(objects)]
