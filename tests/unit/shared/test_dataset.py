"""The dataset's layout: keys that S3 accepts, lines that come back as they were."""

import hashlib
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragons.dataset import family_folder, from_lines, object_key, to_lines
from support.strategies import dragons, texts


@given(st.lists(dragons))
def test_lines_give_the_dragons_back_ordered_by_name(records: list[dict[str, Any]]) -> None:
    lines = to_lines(records)
    assert list(from_lines(lines.split(b"\n"))) == sorted(records, key=lambda d: d["dragon_name_str"])
    assert lines.count(b"\n") == len(records)


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=200), st.integers(0, 10**40 - 1))
def test_every_family_fits_a_key(family: str, sequence: int) -> None:
    key = object_key("dragons/", family, str(sequence))
    assert len(key.encode()) <= 1024
    assert key.isascii()
    assert key.startswith("dragons/family_str=")
    assert key.count("/") == 2


@given(texts, texts)
def test_two_families_never_share_a_folder(one: str, other: str) -> None:
    assert (family_folder("d/", one) == family_folder("d/", other)) == (one == other)


def test_long_families_that_start_alike_have_folders_of_their_own() -> None:
    head = "\U0001f409" * 199
    assert family_folder("d/", head + "a") != family_folder("d/", head + "b")


def test_a_family_of_512_bytes_is_written_out_and_a_longer_one_cut() -> None:
    assert family_folder("d/", "a" * 512) == f"d/family_str={'a' * 512}/"
    digest = hashlib.sha256(b"a" * 513).hexdigest()
    assert family_folder("d/", "a" * 513) == f"d/family_str={'a' * 447}~{digest}/"


@pytest.mark.parametrize(("before", "kept"), [(0, 447), (1, 445), (2, 446)])
def test_a_cut_leaves_no_half_of_a_percent_escape(before: int, kept: int) -> None:
    folder = family_folder("", "a" * before + "é" * 200)
    head, _, digest = folder.removeprefix("family_str=").removesuffix("/").rpartition("~")
    assert len(head) == kept
    assert re.fullmatch(r"a*(%[0-9A-F]{2})+", head)
    assert len(digest) == 64


def test_a_key_ends_with_the_sequence_number_in_40_digits() -> None:
    assert object_key("d/", "red", "12") == f"d/family_str=red/{'0' * 38}12.jsonl"


def test_a_familys_folder_is_its_percent_encoded_name() -> None:
    assert family_folder("dragons/", "red & gold/é") == "dragons/family_str=red%20%26%20gold%2F%C3%A9/"


@given(st.integers(0, 10**40 - 2))
def test_keys_sort_as_the_stream_does(sequence: int) -> None:
    assert object_key("d/", "red", str(sequence)) < object_key("d/", "red", str(sequence + 1))


def test_lines_are_json_that_anybody_can_read() -> None:
    line = to_lines([{"dragon_name_str": "Älva\n", "family_str": "red"}])
    assert line == '{"dragon_name_str":"Älva\\n","family_str":"red"}\n'.encode()
    assert json.loads(line)["dragon_name_str"] == "Älva\n"
