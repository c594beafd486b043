"""Readers go through the pages while all is merged and mended: what was there all along is seen once."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from compact_family.folder import Folder
from dragons.dataset import family_folder, object_key, to_lines
from list_dragons.query import Position, Query, QueryEngine, Reading, page
from list_dragons.scan import ScanEngine
from list_dragons.select import SelectEngine
from rebuild_dataset.repair import Repair
from support.fake_record import FakeRecord
from support.fake_select import SelectingS3
from support.fakes import NOW
from support.interleaving import InterleavedThreads, Interleaving, stepping

ENGINES: list[Callable[..., QueryEngine]] = [ScanEngine, SelectEngine]
FOLDER = family_folder("dragons/", "red")


def dragon(name: str) -> dict[str, str]:
    return {"dragon_name_str": name, "family_str": "red"}


def names_read(engine: QueryEngine, limit: int) -> list[str]:
    names: list[str] = []
    after: Position | None = None
    while True:
        found = page(engine, Query({}, limit, after), Reading())
        names += [each["dragon_name_str"] for each in found.dragons]
        if found.next_after is None:
            return names
        after = found.next_after


@settings(max_examples=200)
@given(st.data())
def test_readers_see_once_what_is_there_while_all_is_merged_and_mended(data: st.DataObject) -> None:
    kinds = st.sampled_from(["there", "there", "there", "too much"])
    objects = data.draw(st.lists(st.lists(kinds, max_size=2), min_size=3, max_size=6))
    s3, there = SelectingS3(), []
    for place, found in enumerate(objects):
        names = [f"{kind} {place}.{number}" for number, kind in enumerate(found)]
        s3.objects[object_key("dragons/", "red", str(place))] = to_lines(map(dragon, names)) or b"\n"
        there += [name for name in names if name.startswith("there")]
    missing = [f"missing {number}" for number in range(data.draw(st.integers(0, 2)))]
    order = Interleaving(lambda number: data.draw(st.integers(0, number - 1)))
    calls = ("paginate", "get_object", "put_object", "delete_objects", "select_object_content")
    shared = stepping(s3, order.step, *calls)
    record = FakeRecord(shared, [dragon(name) for name in [*there, *missing]])
    repair = Repair(shared, "bucket", "dragons/", record)  # type: ignore[arg-type]
    make = data.draw(st.sampled_from(ENGINES))
    engine = make(shared, "bucket", "dragons/", InterleavedThreads(order))
    seen: list[list[str]] = []

    def mend() -> None:
        repair.tell_missing("red", "now")
        repair.take_away(FOLDER)

    def merge() -> None:
        Folder(shared, "bucket", FOLDER, NOW, timedelta(days=1)).compact()

    limits = data.draw(st.tuples(st.integers(1, 4), st.integers(1, 20)))
    readers = [lambda limit=limit: seen.append(names_read(engine, limit)) for limit in limits]
    order.run(mend, merge, merge, *readers)
    assert record.told == missing
    for names in seen:
        assert sorted(name for name in names if name in there) == sorted(there)
        assert len(names) == len({*names})
    mend()  # what was too much may have been merged meanwhile
    assert sorted(names_read(engine, 20)) == sorted([*there, *missing])
