"""Answers in AWS's event-stream encoding, as they are on the wire, and botocore's own reader of them.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any
from zlib import crc32

from botocore.eventstream import EventStream
from botocore.parsers import EventStreamXMLParser
from botocore.session import get_session

_TEXT = 7


def message(payload: bytes = b"", **headers: str) -> bytes:
    """A message: prelude, headers, payload and the two checksums.

    Args:
        payload: Any bytes.
        headers: Their names without the colon, and with underscores in place of hyphens.
    """
    packed = b"".join(_header(name, value) for name, value in headers.items())
    prelude = struct.pack("!II", 16 + len(packed) + len(payload), len(packed))
    told = prelude + struct.pack("!I", crc32(prelude)) + packed + payload
    return told + struct.pack("!I", crc32(told))


def _header(name: str, value: str) -> bytes:
    key, text = f":{name.replace('_', '-')}".encode(), value.encode()
    return struct.pack("!B", len(key)) + key + struct.pack("!BH", _TEXT, len(text)) + text


def event(name: str, payload: bytes = b"") -> bytes:
    """An event, such as `Records`."""
    return message(payload, message_type="event", event_type=name)


def stats(scanned: int, name: str = "Stats") -> bytes:
    """What was read so far, or in all."""
    details = f"<BytesScanned>{scanned}</BytesScanned><BytesProcessed>{scanned}</BytesProcessed>"
    return event(name, f"<{name}>{details}<BytesReturned>0</BytesReturned></{name}>".encode())


def failure(code: str, text: str = "") -> bytes:
    """An error after the answer has begun."""
    return message(message_type="error", error_code=code, error_message=text)


def parsed(chunks: Iterable[bytes]) -> EventStream[Any]:
    """What botocore makes of an answer to SelectObjectContent that arrives in these chunks."""

    class Raw:
        def stream(self) -> Iterator[bytes]:
            yield from chunks

        def close(self) -> None:
            """Nothing is held."""

    return EventStream(Raw(), _shape(), EventStreamXMLParser(), "SelectObjectContent")


@cache
def _shape() -> Any:
    service: Any = get_session().get_service_model("s3")
    return service.operation_model("SelectObjectContent").output_shape.members["Payload"]
