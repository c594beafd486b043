"""The statements of S3 Select.

A WHERE clause lets too much pass, never too little: `lines.matches` decides on what it lets pass. So what a
statement cannot say for certain is left out of it, and filtered in code.

Sources, in https://docs.aws.amazon.com/AmazonS3/latest/userguide/:
    `FROM S3Object s`, `S3Object[*][*] s`, `s."field"`, `[0]`, `IS NOT MISSING`:
        s3-select-sql-reference-select.html
    `=`, `AND`, `OR`: s3-select-sql-reference-operators.html
    texts, numbers, `TRUE`: s3-select-sql-reference-data-types.html
    256 KB a statement: selecting-content-from-objects.html
"""

import json
import re
from collections.abc import Iterable, Mapping

from dragons.fields import RECORD_NAMES

_COLUMNS = {field: f's."{field}"' for field in RECORD_NAMES.values()}

_NAMED = f"{_COLUMNS['dragon_name_str']} IS NOT MISSING"
"""Not true of a document of the other kind: S3 Select makes a record of that, without a name."""

_NOT_CARRIED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
"""What the request's XML cannot carry, or a parser may read as another line break: XML 1.0, 2.2 and 2.11."""

_LITERAL_BYTES = 1 << 15
"""Of one text: one of each filter leaves a statement below 256 KB."""

_WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,14}")
"""Whose JSON is written in one way, and which no reader of numbers rounds."""


def quoted(text: str) -> str | None:
    """Write a text as a literal; None where a statement cannot carry it."""
    if _NOT_CARRIED.search(text):
        return None
    literal = "'" + text.replace("'", "''") + "'"
    return literal if len(literal.encode()) <= _LITERAL_BYTES else None


def of_lines(filters: Mapping[str, str]) -> str:
    """The statement that lets pass every line of a dragon that matches, and few others.

    Args:
        filters: Record field to the value wanted, as of a query.

    Raises:
        KeyError: A field is not one of a dragon's.
    """
    return _select("S3Object s", _conditions(filters))


def of_array(filters: Mapping[str, str]) -> str:
    """The same for the elements of a document that is an array."""
    return _select("S3Object[*][*] s", [_NAMED, *_conditions(filters)])


def of_record(filters: Mapping[str, str]) -> str:
    """The same for a document that is one record."""
    return _select("S3Object s", [_NAMED, *_conditions(filters)])


def _select(source: str, conditions: Iterable[str]) -> str:
    where = " AND ".join(conditions)
    return " ".join(["SELECT * FROM", source, *(["WHERE", where] if where else [])])


def _conditions(filters: Mapping[str, str]) -> list[str]:
    conditions = (_condition(_COLUMNS[field], wanted) for field, wanted in filters.items())
    return [each for each in conditions if each is not None]


def _condition(column: str, wanted: str) -> str | None:
    """What is true of each dragon that matches; None if nothing can be said.

    A list passes, whatever is in it: a statement cannot ask for one of its elements.
    """
    literals = _literals(wanted)
    if literals is None:
        return None
    either = " OR ".join(f"{column} = {literal}" for literal in literals)
    return f"({either} OR {column}[0] IS NOT MISSING)"


def _literals(wanted: str) -> list[str] | None:
    """A text, and the number or boolean whose JSON it is; None where that has more ways to be written."""
    literal = quoted(wanted)
    if literal is None:
        return None
    if _WHOLE_NUMBER.fullmatch(wanted):
        return [literal, wanted]
    if wanted in ("true", "false"):
        return [literal, wanted.upper()]
    return None if _is_number(wanted) else [literal]


def _is_number(text: str) -> bool:
    """Whether a number has this JSON, and may have others."""
    try:
        value = json.loads(text)
    except (RecursionError, ValueError):
        return False
    return isinstance(value, float | int) and json.dumps(value) == text
