"""The S3 Select engine on large objects, which it reads in ranges."""

from typing import Any

import pytest

from dragons.dataset import to_lines
from list_dragons.query import Position
from support.fake_select import SelectingS3
from support.selecting import dataset, dragon, key, names, names_and_reading


@pytest.fixture
def small_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have objects of more than 100 bytes be read in ranges of 90."""
    monkeypatch.setattr("list_dragons.select.LARGE", 100)
    monkeypatch.setattr("list_dragons.select_ranges.RANGE", 90)


@pytest.mark.usefixtures("small_ranges")
@pytest.mark.parametrize("filler", range(0, 90, 7))
def test_a_large_object_is_read_in_ranges_and_each_line_counts_once(filler: int) -> None:
    lines = [dragon(f"{n:02}", description_str="x" * (n + filler)) for n in range(20)]
    s3 = dataset(lines, [dragon("other")])
    assert names(s3) == [f"{n:02}" for n in range(20)] + ["other"]
    asked = [each for each in s3.asked if each.key == key(0)]
    assert len(asked) == -(-len(s3.objects[key(0)]) // 90)
    assert all(each.within for each in asked)
    assert names(s3, 3, Position(key(0), "04")) == ["05", "06", "07"]


@pytest.mark.usefixtures("small_ranges")
def test_a_line_that_begins_with_a_range_is_found_whether_or_not_ends_are_included() -> None:
    class EndsLeftOut(SelectingS3):
        def select_object_content(self, *args: Any, **given: Any) -> Any:
            if "ScanRange" in given:
                start, end = given["ScanRange"].values()
                last = end == len(self.objects[given["Key"]]) - 1
                given["ScanRange"] = {"Start": start, "End": end if last else end - 1}
            return super().select_object_content(*args, **given)

    lines = [{"dragon_name_str": f"{n:03}", "family_str": "red"} for n in range(20)]
    for s3 in (SelectingS3(), EndsLeftOut()):
        s3.objects[key(0)] = to_lines(lines)
        assert len(s3.objects[key(0)]) == 20 * 45
        assert names(s3) == [f"{n:03}" for n in range(20)]


@pytest.mark.usefixtures("small_ranges")
def test_a_large_object_that_is_changed_between_two_ranges_is_read_on_from_where_the_answer_is() -> None:
    class ChangedS3(SelectingS3):
        def select_object_content(self, *args: Any, **given: Any) -> Any:
            if given.get("ScanRange", {}).get("Start") == 180 and lines[0] in self.objects[key(0)]:
                self.objects[key(0)] = b"".join(lines[1:])
            return super().select_object_content(*args, **given)

    lines = to_lines([dragon(f"{n:02}") for n in range(9)]).splitlines(keepends=True)
    s3 = ChangedS3()
    s3.objects[key(0)] = b"".join(lines)
    assert names(s3) == [f"{n:02}" for n in range(9)]


@pytest.mark.usefixtures("small_ranges")
@pytest.mark.parametrize("content", [None, b""])
def test_a_large_object_that_is_gone_or_empty_is_none(content: bytes | None) -> None:
    class GoneS3(SelectingS3):
        def head_object(self, *args: Any, **given: Any) -> Any:
            if content is None:
                self.objects.pop(key(0), None)
            else:
                self.objects[key(0)] = content
            return super().head_object(*args, **given)

    s3 = GoneS3()
    s3.objects = dataset([dragon("a"), dragon("b")], [dragon("c")]).objects
    assert names(s3) == ["c"]


@pytest.mark.usefixtures("small_ranges")
@pytest.mark.parametrize("place", [0, 5])
def test_a_large_object_that_s3_select_cannot_parse_is_read_whole(place: int) -> None:
    s3 = dataset([dragon(f"{n:02}") for n in range(9)])
    lines = s3.objects[key(0)].splitlines(keepends=True)
    s3.objects[key(0)] = b"".join([*lines[:place], b"{not JSON\n", *lines[place:]])
    found, reading = names_and_reading(s3)
    assert (found, reading.malformed) == ([f"{n:02}" for n in range(9)], 1)
