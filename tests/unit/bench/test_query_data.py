"""The datasets of the part `query`, and the folder that stands for a bucket."""

from collections import Counter
from pathlib import Path

import pytest

from bench import query_data
from bench.folder_s3 import FolderS3
from bench.query_data import (
    CITY,
    COUNTRY,
    FAMILY,
    IN_CITY,
    IN_FAMILY,
    LARGE_FAMILY,
    TAIL,
    dragon,
    files_of,
    objects,
    singles,
    write,
)
from dragons.fields import Dragon
from dragons.merged import each_once


def read_back(count: int) -> list[tuple[str, Dragon]]:
    return list(each_once((key, content.splitlines()) for key, content in sorted(objects(count))))


@pytest.mark.parametrize("count", [400, 1000, 4096])
def test_few_live_in_the_city_and_a_third_in_the_country(count: int) -> None:
    dragons = [dragon(number, count) for number in range(count)]
    assert len({each["dragon_name_str"] for each in dragons}) == count
    assert sum(each["location_city_str"] == CITY for each in dragons) == IN_CITY
    assert sum(each["location_country_str"] == COUNTRY for each in dragons) == -(-count // 3)
    families = Counter(each["family_str"] for each in dragons)
    assert families[FAMILY] == IN_FAMILY
    assert count / 11 < families[LARGE_FAMILY] < count / 6


def test_the_objects_hold_each_dragon_once_at_its_own_place() -> None:
    found = read_back(1000)
    assert len(found) == 1000
    assert {each["dragon_name_str"] for _, each in found} == {
        dragon(number, 1000)["dragon_name_str"] for number in range(1000)
    }
    assert found == sorted(found, key=lambda each: each[0])
    assert len({origin for origin, _ in found}) == 1000, "each came by a report of its own"


def test_a_family_has_as_many_large_objects_as_its_bytes_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_data, "MERGED_BYTES", 20_000)
    sizes = [len(content) for _, content in objects(1000)]
    assert max(sizes) <= 20_000
    assert sum(size > 10_000 for size in sizes) > 10
    assert len(read_back(1000)) == 1000


def test_the_newest_are_not_merged() -> None:
    made = dict(objects(1000))
    tail = dict(singles(range(1000 - TAIL, 1000), 1000))
    assert {key: made[key] for key in tail} == tail
    assert all(content.count(b"\n") == 1 for content in tail.values())


def test_a_folder_lists_and_reads_as_a_bucket_does(tmp_path: Path) -> None:
    write(tmp_path, 300)
    made = sorted(objects(300))
    assert [key for key, _ in files_of(tmp_path)] == [key for key, _ in made]
    s3 = FolderS3(tmp_path)
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket="b", Prefix="dragons/family_str=", StartAfter=made[9][0]
    )
    listed = [(each["Key"], each["Size"]) for page in pages for each in page["Contents"]]
    assert listed == [(key, len(content)) for key, content in made[10:]]
    for key, content in made[:20]:
        with s3.get_object(Bucket="b", Key=key)["Body"] as body:
            assert body.read() == content
        assert s3.get_object(Bucket="b", Key=key)["ContentLength"] == len(content)


@pytest.mark.parametrize("content", [b"a\r\nb\n\nc", b"\n", b"", b"one line\n", b"a\nbb\n"])
@pytest.mark.parametrize("chunk_size", [1, 2, 3, 100])
def test_lines_do_not_depend_on_where_a_part_ends(tmp_path: Path, content: bytes, chunk_size: int) -> None:
    (tmp_path / "key").write_bytes(content)
    lines = FolderS3(tmp_path).get_object(Bucket="b", Key="key")["Body"].iter_lines(chunk_size, keepends=True)
    assert b"".join(lines) == content
    lines = FolderS3(tmp_path).get_object(Bucket="b", Key="key")["Body"].iter_lines(chunk_size)
    assert list(lines) == content.replace(b"\r", b"").splitlines()


def test_a_file_that_is_not_there_is_no_key(tmp_path: Path) -> None:
    s3 = FolderS3(tmp_path)
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket="b", Key="dragons/none.jsonl")
    assert not list(s3.get_paginator("list_objects_v2").paginate(Bucket="b", Prefix=""))
