"""Queries of S3 Select without a running cloud: their events are read as boto3 reads them."""

import io
import json
from typing import Any

from botocore.eventstream import EventStreamBuffer

from localcloud.s3_select.operation import Selection

LINES: dict[str, Any] = {"JSON": {"Type": "LINES"}}
DOCUMENT: dict[str, Any] = {"JSON": {"Type": "DOCUMENT"}}


def csv(**options: Any) -> dict[str, Any]:
    """A serialization."""
    return {"CSV": options}


def events(expression: str, data: bytes | str, given: Any = LINES, wanted: Any = None, **request: Any) -> Any:
    """Query an object; gives each event's type and payload.

    Raises:
        SelectError: As the query does.
    """
    asked = {
        "Expression": expression,
        "ExpressionType": "SQL",
        "InputSerialization": given,
        "OutputSerialization": wanted or {"JSON": {}},
        **request,
    }
    content = data.encode() if isinstance(data, str) else data
    buffer = EventStreamBuffer()
    for message in Selection(asked).events(io.BytesIO(content)):
        buffer.add_data(message)
    read: Any = list(buffer)
    return [(event.headers[":event-type"], event.payload) for event in read]


def select(expression: str, data: bytes | str, given: Any = LINES, wanted: Any = None, **request: Any) -> str:
    """Query an object; gives the records."""
    found = events(expression, data, given, wanted, **request)
    return b"".join(payload for kind, payload in found if kind == "Records").decode()


def records(expression: str, data: bytes | str, given: Any = LINES, **request: Any) -> list[Any]:
    """Query an object; gives the records' values."""
    return [json.loads(line) for line in select(expression, data, given, **request).split("\n")[:-1]]


def evaluate(expression: str) -> Any:
    """The value of an expression; what is MISSING gives "missing"."""
    (record,) = records(f"SELECT {expression} AS x FROM S3Object", "{}")
    return record.get("x", "missing")
