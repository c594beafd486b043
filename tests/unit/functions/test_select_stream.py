"""S3 Select's event stream, by the bytes of AWS's encoding, cut wherever a network may cut them."""

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from urllib3.exceptions import ProtocolError

from list_dragons.select_stream import BrokenStreamError, read_stream
from support.event_stream import event, failure, parsed, stats

LINES = ['{"name":"Ærø"}', '{"name":"🐉 ドラゴン"}', '{"name":"x"}']
CONTENT = "".join(f"{line}\n" for line in LINES).encode()
WANTED = [line.encode() for line in LINES]


def answer(*payloads: bytes) -> bytes:
    """A whole answer, with what AWS sends in between."""
    records = b"".join(event("Records", each) + event("Cont") for each in payloads)
    return records + stats(7, "Progress") + stats(4096) + event("End")


@pytest.mark.parametrize("at", range(len(CONTENT) + 1))
def test_a_record_may_be_split_anywhere(at: int) -> None:
    found = read_stream(parsed([answer(CONTENT[:at], CONTENT[at:])]))
    assert (found.lines, found.scanned) == (WANTED, 4096)


def test_the_connection_may_bring_it_byte_by_byte_or_cut_anywhere() -> None:
    told = answer(CONTENT)
    assert read_stream(parsed(bytes([each]) for each in told)).lines == WANTED
    for at in range(len(told)):
        assert read_stream(parsed([told[:at], told[at:]])).lines == WANTED


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1)), st.data())
def test_whatever_the_records_and_their_pieces(lines: list[str], data: st.DataObject) -> None:
    content = "".join(f"{line}\n" for line in lines).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=9)))
    pieces = [content[start:end] for start, end in zip([0, *cuts], [*cuts, len(content)], strict=True)]
    told = answer(*pieces)
    at = data.draw(st.integers(0, len(told)))
    assert read_stream(parsed([told[:at], told[at:]])).lines == [line.encode() for line in lines]


def test_what_ends_early_is_an_error_wherever_it_ends() -> None:
    told = answer(CONTENT)
    for at in range(len(told)):
        with pytest.raises(BrokenStreamError):
            read_stream(parsed([told[:at]]))


def test_an_answer_without_its_statistics_is_none() -> None:
    with pytest.raises(BrokenStreamError, match="no Stats"):
        read_stream(parsed([event("Records", CONTENT) + event("End")]))


def test_a_garbled_byte_is_noticed() -> None:
    told = bytearray(answer(CONTENT))
    told[told.index(b"x")] ^= 1
    with pytest.raises(BrokenStreamError):
        read_stream(parsed([bytes(told)]))


def test_a_connection_that_breaks_is_an_error() -> None:
    def chunks() -> Iterator[bytes]:
        yield event("Records", CONTENT)
        raise ProtocolError("Connection broken")

    with pytest.raises(BrokenStreamError, match="Connection broken"):
        read_stream(parsed(chunks()))


def test_an_error_in_the_middle_is_raised_with_its_code() -> None:
    told = event("Records", CONTENT) + failure("OverMaxRecordSize", "too long") + event("End")
    with pytest.raises(ClientError) as caught:
        read_stream(parsed([told]))
    assert caught.value.response["Error"] == {"Code": "OverMaxRecordSize", "Message": "too long"}


def test_nothing_found_is_an_answer() -> None:
    found = read_stream(parsed([answer()]))
    assert (found.lines, found.scanned) == ([], 4096)
