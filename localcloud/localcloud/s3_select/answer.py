"""Records as a request wants them, and the messages that carry them.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/API_OutputSerialization.html and
https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html
"""

import csv
import io
import json
import struct
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from localcloud.s3_select.functions import text
from localcloud.s3_select.query import Record
from localcloud.s3_select.reading import LONGEST_RECORD, Source, too_long
from localcloud.s3_select.values import MISSING, SelectError, unknown

LONGEST_PAYLOAD = 128 * 1024
HEARTBEAT = 8 * 1024 * 1024
"""Bytes that are processed before the client is told that the query still runs."""
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def json_of(record: Record) -> str:
    """A record as JSON."""
    members = (f"{_ENCODER.encode(name)}:{_json(value)}" for name, value in record if value is not MISSING)
    return "{" + ",".join(members) + "}"


def _json(value: Any) -> str:
    """A value as JSON, whose numbers stay as they were read."""
    if isinstance(value, dict):
        return json_of(list(value.items()))
    if isinstance(value, list):
        return "[" + ",".join(map(_json, value)) + "]"
    return str(value) if isinstance(value, Decimal) else _ENCODER.encode(value)


def csv_of(record: Record, delimiter: str, end: str) -> str:
    """A record as CSV, with quotes where they must be.

    Raises:
        SelectError: A value of it is a list or a struct.
    """
    out = io.StringIO(newline="")
    try:
        fields = ["" if unknown(value) else text(value) for _, value in record]
    except TypeError as error:
        raise SelectError("UnsupportedSqlOperation", "CSV has no lists and no structs.") from error
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerow(fields)
    return out.getvalue()


def encode(record: str) -> bytes:
    """The bytes of a record; half of a surrogate pair, which UTF-8 cannot have, stays escaped.

    Raises:
        SelectError: It is too long.
    """
    if len(record) > LONGEST_RECORD:
        raise too_long()
    return record.encode("utf-8", "backslashreplace")


def message(headers: dict[str, str], payload: bytes = b"") -> bytes:
    """Encode a message."""
    encoded = b""
    for name, value in headers.items():
        text = value.encode()
        form = f"!B{len(name)}sBH{len(text)}s"  # a header; 7 is the type of texts
        encoded += struct.pack(form, len(name), name.encode(), 7, len(text), text)
    prelude = struct.pack("!II", len(encoded) + len(payload) + 16, len(encoded))
    body = prelude + struct.pack("!I", zlib.crc32(prelude)) + encoded + payload
    return body + struct.pack("!I", zlib.crc32(body))


def event(kind: str, payload: bytes = b"", content_type: str = "") -> bytes:
    """Encode an event."""
    typed = {":content-type": content_type} if content_type else {}
    return message({":event-type": kind, **typed, ":message-type": "event"}, payload)


def events(source: Source, records: Iterator[bytes], *, progress: bool) -> Iterator[bytes]:
    """Make events of records, or of nothing for rows that give none.

    Args:
        source: What is read.
        records: The records.
        progress: Whether the client asked for it.

    Raises:
        SelectError: As the records do.
    """
    buffer, returned, told = bytearray(), 0, 0
    for record in records:
        buffer += record
        returned += len(record)
        while len(buffer) >= LONGEST_PAYLOAD:
            yield event("Records", bytes(buffer[:LONGEST_PAYLOAD]), "application/octet-stream")
            del buffer[:LONGEST_PAYLOAD]
            told = source.processed
        if source.processed - told >= HEARTBEAT:
            yield _details("Progress", source, returned) if progress else event("Cont")
            told = source.processed
    if buffer:
        yield event("Records", bytes(buffer), "application/octet-stream")
    if progress:
        yield _details("Progress", source, returned)
    yield _details("Stats", source, returned)
    yield event("End")


def _details(kind: str, source: Source, returned: int) -> bytes:
    numbers = {"Scanned": source.scanned, "Processed": source.processed, "Returned": returned}
    members = "".join(f"<Bytes{name}>{number}</Bytes{name}>" for name, number in numbers.items())
    payload = f'<?xml version="1.0" encoding="UTF-8"?><{kind}>{members}</{kind}>'
    return event(kind, payload.encode(), "text/xml")
