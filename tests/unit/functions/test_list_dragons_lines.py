"""Lines of the dataset: what is malformed, and a prefilter that never drops what matches."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from list_dragons.lines import behind, matches, read_document, read_line
from list_dragons.prefilter import Prefilter
from list_dragons.query import Position
from support.strategies import texts

DRAGON = b'{"dragon_name_str":"a","family_str":"red"}'


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "Expecting property name"),
        (b'"a"', "no object"),
        (b"[" + DRAGON + b"]", "no object"),
        (DRAGON + b"}", "Extra data"),
        (DRAGON[:-1] + b',"size":NaN}', "NaN is not JSON"),
        (DRAGON[:-1] + b',"size":-Infinity}', "-Infinity is not JSON"),
        (DRAGON[:-1] + b',"size":' + b"9" * 5000 + b"}", "Exceeds the limit"),
        (DRAGON[:-1] + b',"size":' + b"[" * 100_000, "nested too deep"),
        (DRAGON.replace(b"red", b"r\xe9d"), "can't decode byte"),
        (DRAGON.replace(b"red", b"\xed\xa0\x80"), "can't decode byte"),
        (DRAGON.replace(b"red", b"\\ud83d"), "surrogates not allowed"),
        (DRAGON[:-1] + b',"tags":[{"\\udc09":1}]}', "surrogates not allowed"),
        (b'{"dragon_name_str":"a"}', "no family_str"),
        (b'{"dragon_name_str":7,"family_str":"red"}', "no dragon_name_str"),
        (b'{"family_str":"red","_origin":"1.jsonl"}', "no dragon_name_str"),
        (DRAGON[:-1] + b',"_origin":7}', "_origin is no text"),
        (b'{"_origin":7}', "no _origin"),
        (b"{}", "no dragon_name_str"),
    ],
)
def test_a_malformed_line_is_refused_with_the_reason(line: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_line(line)


@pytest.mark.parametrize("end", [b"", b"\r", b" \t"])
def test_a_line_is_read_with_its_mark_whatever_ends_it(end: bytes) -> None:
    assert read_line(DRAGON + end) == {"dragon_name_str": "a", "family_str": "red"}
    assert read_line(b'{"_origin":"1.jsonl"}' + end) == {"_origin": "1.jsonl"}
    assert read_line(DRAGON.replace(b"red", b"\\ud83d\\udc09") + end)["family_str"] == "\U0001f409"


def test_a_document_is_one_record_or_an_array_and_is_read_in_the_order_of_names() -> None:
    records = [{"dragon_name_str": name, "family_str": "red"} for name in "bca"]
    found = read_document(json.dumps([*records, {"_origin": "1.jsonl"}, 7]).encode())
    assert [str(each) for each in found[:2]] == ["no dragon_name_str, or no text", "no object"]
    assert found[2:] == [records[2], records[0], records[1]]
    assert read_document(json.dumps(records[0] | {"_origin": "1"}, indent=2).encode()) == records[:1]
    [malformed] = read_document(b"not JSON")
    assert isinstance(malformed, ValueError)


wanted_texts = st.one_of(
    texts,
    st.sampled_from(["7", "-0.5", "1e+16", "true", "null", "Infinity", "", "/", "\\", "\x7f", "\ud800"]),
    st.text(st.characters(codec="utf-8"), max_size=2),
)


def nested(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(leaves, max_size=3) | st.dictionaries(st.text(max_size=3), leaves, max_size=2)


numbers = st.integers() | st.floats(allow_nan=False) | st.sampled_from([7, 7.0, -0.5, 1e16, 10**30])
values = st.recursive(st.none() | st.booleans() | numbers | wanted_texts, nested, max_leaves=5)


@st.composite
def lines_and_filters(draw: st.DrawFn) -> tuple[bytes, dict[str, str]]:
    """A line as any writer of JSON may have written it, and filters that it often matches."""
    fields = st.sampled_from(["location_city_str", "description_str", "dragon_name_str"])
    dragon = {"dragon_name_str": draw(texts), "family_str": "red"} | draw(st.dictionaries(fields, values))
    separators = draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " :\r")]))
    text = json.dumps(dragon, ensure_ascii=draw(st.booleans()), separators=separators)
    if draw(st.booleans()):
        text = text.replace("/", "\\/")
    if draw(st.booleans()):  # a letter may be escaped, too
        text = text.replace('"a', '"\\u0061').replace("7", draw(st.sampled_from(["7", "7.0", "70e-1"])))
    of_the_dragon = [
        (field, text if isinstance(text, str) else json.dumps(text))
        for field, value in dragon.items()
        for text in (value if isinstance(value, list) else [value])
    ]
    asked = st.lists(st.sampled_from(of_the_dragon), max_size=2) | st.lists(
        st.tuples(fields, wanted_texts), max_size=2
    )
    return text.encode(errors="surrogatepass"), dict(draw(asked))


@given(lines_and_filters())
@example((b'{"dragon_name_str":"a","family_str":"red","size":1e999}', {"size": "Infinity"}))
@example((b'{"dragon_name_str":"a","family_str":"red","size":7.00}', {"size": "7.0"}))
@example((b'{"dragon_name_str":"\\u0061","family_str":"red"}', {"dragon_name_str": "a"}))
@example((b'{"dragon_name_str":"\\/","family_str":"red"}', {"dragon_name_str": "/"}))
def test_the_prefilter_drops_nothing_that_matches(made: tuple[bytes, dict[str, str]]) -> None:
    line, filters = made
    if not Prefilter(filters).may_match(line):
        try:
            dragon = read_line(line)
        except ValueError:
            return
        assert not matches(dragon, filters)


@given(
    st.lists(st.sampled_from([b"", b"\r", b" ", DRAGON, DRAGON.replace(b"a", b"b"), b'{"\\u0061"}'])),
    st.booleans(),
    st.dictionaries(st.sampled_from(["dragon_name_str", "family_str"]), st.sampled_from(["a", "red", "\n"])),
    st.integers(0, 3),
)
def test_a_buffer_gives_the_lines_that_can_match_and_where_they_are(
    lines: list[bytes], ended: bool, filters: dict[str, str], first: int
) -> None:
    buffer = b"\n".join(lines) + (b"\n" if ended else b"")
    start = len(b"".join(line + b"\n" for line in lines[:first]))
    prefilter = Prefilter(filters)
    found = list(prefilter.lines(buffer, start))
    assert [line for _, line in found] == [
        line for line in lines[first:] if line.strip() and prefilter.may_match(line)
    ]
    assert all(buffer[offset:].startswith(line) for offset, line in found)


def test_a_filter_that_nothing_matches_drops_every_line() -> None:
    buffer = (DRAGON + b"\n") * 3
    assert list(Prefilter({"location_city_str": "re"}).lines(buffer)) == []
    assert list(Prefilter({"dragon_name_str": "7"}).lines(buffer)) == []
    assert len(list(Prefilter({"location_city_str": "7"}).lines(buffer))) == 3


names = st.lists(st.text("ab", max_size=2), unique=True, max_size=6).map(sorted)


@given(names, names, st.sampled_from(["d/0.jsonl", "d/1.jsonl", "d/2.jsonl"]), st.text("ab", max_size=2))
def test_lines_up_to_a_position_are_passed_over_whether_it_is_there_or_not(
    merged: list[str], own: list[str], origin: str, name: str
) -> None:
    dragons = [Position("d/1.jsonl", each) for each in merged] + [Position("d/2.jsonl", each) for each in own]
    lines = [
        json.dumps({"_origin": key[2:], "dragon_name_str": each, "family_str": "red"}).encode() + b"\n"
        for key, each in dragons
    ]
    passed = [line for line, each in zip(lines, dragons, strict=True) if each <= (origin, name)]
    assert behind(b"".join(lines), "d/2.jsonl", Position(origin, name)) == len(b"".join(passed))


def test_lines_that_tell_no_position_are_not_passed_over() -> None:
    after = Position("d/2.jsonl", "z")
    assert behind(DRAGON + b"\n[\n" + DRAGON, "d/2.jsonl", after) == 0
    assert behind(DRAGON + b"\n\n", "d/2.jsonl", after) == len(DRAGON) + 1
    assert behind(b"", "d/2.jsonl", after) == 0
