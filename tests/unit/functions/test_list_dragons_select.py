"""The S3 Select engine: what it asks for, what it makes of the answers, and of what S3 Select cannot do."""

import json
from typing import Any

import pytest

from dragons.dataset import to_lines
from dragons.merged import to_object
from list_dragons.query import Position, Query, Reading, page
from list_dragons.select import SelectEngine
from support.fake_select import SelectingS3
from support.selecting import dataset, dragon, key, names, names_and_reading

CITY = "location_city_str"


def test_what_matches_is_found_by_a_statement_for_each_object() -> None:
    s3 = dataset([dragon("a", location_city_str="O'Fallon")], [dragon("b")], [dragon("c")])
    found, reading = names_and_reading(s3, location_city_str="O'Fallon")
    assert found == ["a"]
    assert (reading.objects, reading.bytes) == (3, sum(map(len, s3.objects.values())))
    assert {asked.key for asked in s3.asked} == set(s3.objects)
    assert {asked.statement for asked in s3.asked} == {
        """SELECT * FROM S3Object s WHERE (s."location_city_str" = 'O''Fallon'"""
        """ OR s."location_city_str"[0] IS NOT MISSING)"""
    }
    assert not s3.read


def test_one_element_of_a_list_has_to_match() -> None:
    s3 = dataset([dragon("a", location_city_str=["x", 7]), dragon("b", location_city_str=["y"])])
    assert names(s3, location_city_str="7") == ["a"]


def test_a_family_is_looked_for_in_its_folder() -> None:
    s3 = dataset([dragon("a")])
    s3.objects[key(1, "blue")] = to_lines([dragon("b", "blue")])
    assert names(s3, family_str="blue") == ["b"]
    assert [asked.key for asked in s3.asked] == [key(1, "blue")]


def test_a_page_goes_on_where_the_one_before_ended() -> None:
    s3 = dataset([dragon("a"), dragon("c")], [dragon("b")])
    engine = SelectEngine(s3, "bucket", "dragons/")  # type: ignore[arg-type]
    first = page(engine, Query({}, 1), Reading())
    assert first.next_after == Position(key(0), "a")
    assert names(s3, after=first.next_after) == ["c", "b"]


@pytest.mark.parametrize("taken", [1, 2])
def test_a_part_that_stands_twice_counts_once(taken: int) -> None:
    s3 = dataset([dragon("a")], [dragon("b")], [dragon("c")])
    s3.objects[key(2)] = to_object(key(2), {key(n): [dragon("abc"[n])] for n in range(3)})
    emptied = [key(n) for n in range(2)][taken:]
    s3.objects |= dict.fromkeys(emptied, b"")
    assert names(s3) == ["a", "b", "c"]


def test_what_is_emptied_after_it_was_listed_is_found_where_it_went() -> None:
    class MergedMeanwhile(SelectingS3):
        def select_object_content(self, *args: Any, **given: Any) -> Any:
            answer = super().select_object_content(*args, **given)
            if given["Key"] == key(2):
                merged = {key(n): [dragon("abc"[n])] for n in range(3)}
                self.objects |= {key(0): b"", key(1): b"", key(2): to_object(key(2), merged)}
            return answer

    s3 = MergedMeanwhile()
    s3.objects = dataset([dragon("a")], [dragon("b")], [dragon("c")]).objects
    engine = SelectEngine(s3, "bucket", "dragons/")  # type: ignore[arg-type]
    found = engine.dragons(Query({}, 9), Reading())
    seen = [next(found)[1]["dragon_name_str"]]
    seen += [each["dragon_name_str"] for _, each in found]
    assert seen == ["a", "b", "c"]


def test_a_document_is_an_array_of_records_or_one() -> None:
    s3 = SelectingS3()
    s3.objects["dragons/seed.json"] = json.dumps([dragon("b"), dragon("a"), 7], indent=2).encode()
    s3.objects["dragons/single.json"] = json.dumps(dragon("c", location_city_str="y"), indent=2).encode()
    assert names(s3) == ["a", "b", "c"]
    assert names(s3, location_city_str="y") == ["c"]
    assert names(s3, location_city_str="x") == ["a", "b"]
    assert names(s3, after=Position("dragons/seed.json", "a")) == ["b", "c"]


def test_a_line_that_is_no_dragon_hides_no_other(caplog: pytest.LogCaptureFixture) -> None:
    s3 = dataset([dragon("a")], [dragon("c")])
    s3.objects[key(0)] += b"{not JSON\n" + to_lines([dragon("b")])
    found, reading = names_and_reading(s3)
    assert (found, reading.malformed) == (["a", "b", "c"], 1)
    assert key(0) in caplog.text
    assert s3.read == [key(0)]


def test_a_line_that_s3_select_takes_and_that_is_no_dragon_is_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    s3 = dataset([dragon("a")])
    s3.objects[key(0)] += b'{"dragon_name_str": 7}\n'
    found, reading = names_and_reading(s3)
    assert (found, reading.malformed, s3.read) == (["a"], 1, [])
    assert key(0) in caplog.text
