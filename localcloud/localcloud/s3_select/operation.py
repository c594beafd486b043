"""SelectObjectContent: a request becomes a query over an object, and that becomes events.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_SelectObjectContent.html
Left out: Parquet; scan ranges of CSV, and those without a start; what CSV stands in, but for its header, its
field delimiter, and the record delimiter of what is written; all of them are refused.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from localcloud.s3_select.answer import csv_of, encode, events, json_of, message
from localcloud.s3_select.query import Query, Record
from localcloud.s3_select.reading import Source, csv_rows, json_document, json_lines
from localcloud.s3_select.values import SelectError

type Given = Mapping[str, Any]
_CSV = {
    **{"QuoteCharacter": '"', "QuoteEscapeCharacter": '"', "QuoteFields": "ASNEEDED"},
    **{"Comments": "#", "RecordDelimiter": "\n", "AllowQuotedRecordDelimiter": False},
}
"""What else may be said of CSV, if it is this."""


class Selection:
    """A request that was checked, before its object is opened."""

    def __init__(self, request: Given) -> None:
        """Check a request.

        Raises:
            SelectError: It cannot be answered.
        """
        _choice(request, "ExpressionType", "InvalidExpressionType", "SQL")
        name, given = _format(request, "InputSerialization")
        shape: Given = request["InputSerialization"]
        self._codec = _choice(shape, "CompressionType", "InvalidCompressionFormat", "NONE", "GZIP", "BZIP2")
        if name == "CSV":
            self._delimiter = _delimiter(given)
            self._type = _choice(given, "FileHeaderInfo", "InvalidFileHeaderInfo", "NONE", "USE", "IGNORE")
        else:
            self._type = _choice(given, "Type", "InvalidJsonType", "DOCUMENT", "LINES")
        self._range: Given | None = request.get("ScanRange")
        if self._range is not None and (self._type, self._codec) != ("LINES", "NONE"):
            raise SelectError("UnsupportedScanRangeInput", "A ScanRange is for plain JSON LINES here.")
        self._write = _writer(request)
        self._query = Query(request.get("Expression") or "", csv=name == "CSV")
        self._progress = bool((request.get("RequestProgress") or {}).get("Enabled"))

    def events(self, stored: Any) -> Iterator[bytes]:
        """Answer it from an object.

        Args:
            stored: The object, which can be read, and is closed at the end.

        Raises:
            SelectError: The object is not what the request says, or a row cannot be evaluated.
        """
        with stored:
            start, end = (0, None) if self._range is None else _bounds(self._range, stored.seek(0, 2))
            source = Source(stored, self._codec, start)
            found = self._query.run(self._values(source, end))
            records = (encode(self._write(record)) if record is not None else b"" for record in found)
            yield from events(source, records, progress=self._progress)

    def _values(self, source: Source, end: int | None) -> Iterator[Any]:
        if self._type == "DOCUMENT":
            return json_document(source.text())
        if self._type == "LINES":
            return json_lines(source.lines(end))
        return csv_rows(source.lines(), self._type, self._delimiter)


def _choice(given: Given, name: str, code: str, *allowed: str) -> str:
    """One of a few values: the first, if there is none."""
    value = str(given.get(name) or allowed[0]).upper()
    if value not in allowed:
        raise SelectError(code, f"{name} must be {' or '.join(allowed)}.")
    return value


def _format(request: Given, name: str) -> tuple[str, Given]:
    """The one format of a serialization, and what is said of it."""
    given = [each for each in ("CSV", "JSON", "Parquet") if each in (request.get(name) or {})]
    if given not in (["CSV"], ["JSON"]):
        raise SelectError("InvalidDataSource", f"{name} must be either CSV or JSON.")
    return given[0], request[name][given[0]] or {}


def _delimiter(given: Given) -> str:
    """What stands between the fields of CSV."""
    for name, value in _CSV.items():
        if given.get(name) not in (None, value):
            raise SelectError("InvalidRequestParameter", f"{name} of CSV can only be {value!r} here.")
    delimiter = given.get("FieldDelimiter") or ","
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise SelectError("InvalidRequestParameter", "FieldDelimiter of CSV must be one character.")
    return str(delimiter)


def _writer(request: Given) -> Callable[[Record], str]:
    name, given = _format(request, "OutputSerialization")
    end = given.get("RecordDelimiter") or "\n"
    if name == "JSON":
        return lambda record: json_of(record) + end
    delimiter = _delimiter({**given, "RecordDelimiter": None})
    return lambda record: csv_of(record, delimiter, end)


def _bounds(asked: Given, size: int) -> tuple[int, int]:
    """The first and the last byte at which a record may begin."""
    start, end = asked.get("Start", -1), asked.get("End", size)
    if not 0 <= start <= min(end, size):
        raise SelectError("InvalidScanRange", f"The range from {start} to {end} is not in the object.")
    return start, end


def answer(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    """The messages of an answer that has begun: an error is the last of them."""
    yield first
    try:
        yield from rest
    except SelectError as error:
        yield message({":error-code": error.code, ":error-message": error.message, ":message-type": "error"})
