"""S3 in memory that runs the few statements of list_dragons, and answers in AWS's event-stream encoding.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_SelectObjectContent.html
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from support.event_stream import event, failure, parsed, stats
from support.fakes import FakeS3, NoSuchKey

MAX_RECORD = 1 << 20
_MISSING = object()
_TOKEN = re.compile(
    r"""(?x)\s*(?: (?P<text>'(?:[^']|'')*') | (?P<number>-?\d+) | (?P<column>s\."\w+"(?:\[0\])?)
    | (?P<word>IS\ NOT\ MISSING|[A-Z]+|=|\(|\)) )"""
)

Test = Callable[[dict[str, Any]], bool]


class Asked(NamedTuple):
    """A statement, its object, and the first and the last byte of the range that it was run over."""

    statement: str
    key: str
    within: tuple[int, int] | None


class SelectingS3(FakeS3):
    """S3 with SelectObjectContent.

    Attributes:
        asked: The statements that were run.
        split_at: Into how many bytes a record event is split.
    """

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Asked] = []
        self.split_at = 7

    def select_object_content(
        self,
        Bucket: str,
        Key: str,
        Expression: str,
        ExpressionType: str,
        InputSerialization: dict[str, Any],
        OutputSerialization: dict[str, Any],
        ScanRange: dict[str, int] | None = None,
    ) -> dict[str, Any]:
        """Run a statement over an object."""
        assert (Bucket, ExpressionType) == (self.bucket, "SQL")
        assert OutputSerialization == {"JSON": {"RecordDelimiter": "\n"}}
        assert len(Expression.encode()) <= 256 * 1024
        assert not re.search("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", Expression), "not XML"
        lines = InputSerialization["JSON"]["Type"] == "LINES"
        assert InputSerialization == {"JSON": {"Type": "LINES" if lines else "DOCUMENT"}}
        assert lines or ScanRange is None, "UnsupportedScanRangeInput"
        within = (ScanRange["Start"], ScanRange["End"]) if ScanRange else None
        self.asked.append(Asked(Expression, Key, within))
        if Key not in self.objects:
            raise NoSuchKey(Key)
        content = self.objects[Key]
        if within is not None and within[0] >= len(content) > 0:
            raise refusal("InvalidScanRange")
        texts = _in_range(content, within) if lines else [content]
        return {"Payload": parsed(self._answer(Expression, texts, sum(map(len, texts))))}

    def head_object(self, Bucket: str, Key: str) -> dict[str, Any]:
        """Tell what an object is."""
        assert Bucket == self.bucket
        if Key not in self.objects:
            raise refusal("404", 404)
        content = self.objects[Key]
        return {"ETag": hashlib.sha256(content).hexdigest(), "ContentLength": len(content)}

    def _answer(self, expression: str, texts: list[bytes], scanned: int) -> Iterator[bytes]:
        elements, test = read_statement(expression)
        for text in texts:
            if not text.strip():
                continue
            try:
                value = json.loads(text, parse_constant=_no_constant)
            except ValueError:
                yield failure("JSONParsingError", "Error parsing JSON file.")
                return
            for record in (value if isinstance(value, list) else [{}]) if elements else [value]:
                told = record if isinstance(record, dict) else {"_1": record}
                line = json.dumps(told).encode() + b"\n"
                if len(line) > MAX_RECORD:
                    yield failure("OverMaxRecordSize", "maxCharsPerRecord: 1,048,576")
                    return
                if test(told):
                    yield from self._records(line)
        yield stats(scanned, "Progress") + event("Cont") + stats(scanned) + event("End")

    def _records(self, line: bytes) -> Iterator[bytes]:
        for start in range(0, len(line), self.split_at):
            yield event("Records", line[start : start + self.split_at])


def refusal(code: str, status: int = 400) -> ClientError:
    """What a client of S3 raises in place of an answer."""
    told: Any = {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(told, "SelectObjectContent")


def read_statement(statement: str) -> tuple[bool, Test]:
    """Read a statement of list_dragons: whether it is over the elements of an array, and its condition."""
    found = re.fullmatch(r"(?s)SELECT \* FROM S3Object(\[\*\]\[\*\])? s(?: WHERE (.+))?", statement)
    assert found, statement
    tests = [] if found[2] is None else [_read(each) for each in _conditions(found[2])]
    return found[1] is not None, lambda record: all(test(record) for test in tests)


def _conditions(where: str) -> Iterator[list[tuple[str, str]]]:
    """The tokens of each condition between the ANDs."""
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(where):
        token = _TOKEN.match(where, at)
        assert token, where[at:]
        assert token.lastgroup
        at = token.end()
        if token[token.lastgroup] == "AND":
            yield tokens
            tokens = []
        else:
            tokens.append((token.lastgroup, token[token.lastgroup]))
    yield tokens


def _read(tokens: list[tuple[str, str]]) -> Test:
    """The test of `column = literal`, `column IS NOT MISSING`, or several in brackets with OR."""
    if tokens[0] == ("word", "("):
        assert tokens[-1] == ("word", ")")
        tokens = tokens[1:-1]
    tests: list[Test] = []
    while tokens:
        (kind, column), operator = tokens[0], tokens[1][1]
        assert kind == "column"
        if operator == "IS NOT MISSING":
            tests.append(lambda record, column=column: _value(record, column) is not _MISSING)  # type: ignore[misc]
            used = 2
        else:
            assert operator == "="
            wanted = _literal(*tokens[2])
            tests.append(lambda record, column=column, wanted=wanted: _same(_value(record, column), wanted))  # type: ignore[misc]
            used = 3
        assert tokens[used : used + 1] in ([], [("word", "OR")])
        tokens = tokens[used + 1 :]
    return lambda record: any(test(record) for test in tests)


def _literal(kind: str, token: str) -> Any:
    if kind == "text":
        return token[1:-1].replace("''", "'")
    return int(token) if kind == "number" else {"TRUE": True, "FALSE": False}[token]


def _value(record: dict[str, Any], column: str) -> Any:
    name, first = re.fullmatch(r's\."(\w+)"(\[0\])?', column).groups()  # type: ignore[union-attr]
    value = record.get(name, _MISSING)
    if first is None:
        return value
    return value[0] if isinstance(value, list) and value else _MISSING


def _same(value: Any, wanted: Any) -> bool:
    return isinstance(value, bool) == isinstance(wanted, bool) and value == wanted


def _in_range(content: bytes, within: tuple[int, int] | None) -> list[bytes]:
    """The lines that begin in a range, both ends included."""
    begins, found = 0, []
    for line in content.splitlines(keepends=True):
        if within is None or within[0] <= begins <= within[1]:
            found.append(line)
        begins += len(line)
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)
