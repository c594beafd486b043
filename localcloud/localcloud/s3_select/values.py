"""Values of a record, and their operators.

A value is what JSON has, with Decimal for what is no integer. What a record lacks is MISSING, which is not
null. An operator gives either back; values of two kinds are never equal, and none is less than the other,
which is no error.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference-operators.html
Left out: timestamps, lists; operators that calculate.
"""

import fnmatch
import glob
import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache, wraps
from typing import Any, Final


class SelectError(Exception):
    """A query that cannot be answered.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#SelectObjectContentErrorCodeList

    Attributes:
        code: AWS's.
        message: What is wrong, and where.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


MISSING: Final = object()
type Operator = Callable[..., Any]
_KINDS = {bool: "boolean", int: "number", Decimal: "number", str: "string", list: "list", dict: "struct"}


def kind(value: object) -> str | None:
    """What a value is: values of one kind can be compared; None for null and MISSING."""
    return _KINDS.get(type(value))


def unknown(value: object) -> bool:
    """Whether a value is null or MISSING."""
    return value is None or value is MISSING


def strict(call: Operator) -> Operator:
    """Make an operator or a function of SQL: it gives MISSING or null if one of its values is that.

    Args:
        call: It, which may raise TypeError for values that it does not take.
    """

    @wraps(call)
    def checked(*values: Any) -> Any:
        if any(map(unknown, values)):
            return MISSING if MISSING in values else None
        try:
            return call(*values)
        except TypeError as error:
            raise SelectError("IncorrectSqlFunctionArgumentType", f"{error}.") from error

    return checked


@strict
def equal(left: Any, right: Any) -> bool:
    """Tell whether two values are equal."""
    return kind(left) == kind(right) and bool(left == right)


@strict
def negated(value: Any) -> bool | None:
    """NOT."""
    return not value if isinstance(value, bool) else None


def ordered(compare: Operator) -> Operator:
    """Make a comparison such as `<` that knows of kinds."""

    @strict
    def compared(left: Any, right: Any) -> Any:
        comparable = kind(left) == kind(right) and kind(left) in ("number", "string")
        return compare(left, right) if comparable else MISSING

    return compared


@strict
def like(value: Any, pattern: Any, escape: Any = None) -> Any:
    """LIKE.

    Raises:
        SelectError: The pattern, or what escapes in it, is none.
    """
    if not isinstance(pattern, str) or not isinstance(escape, str | None):
        raise SelectError("LikeInvalidInputs", "What stands behind LIKE or ESCAPE is no text.")
    matches = _pattern(pattern, escape).match
    return matches(value) is not None if isinstance(value, str) else MISSING


_WILDCARDS = {"%": "*", "_": "?"}


@lru_cache
def _pattern(pattern: str, escape: str | None) -> re.Pattern[str]:
    """A regular expression, by way of fnmatch, whose expressions take linear time for each wildcard."""
    escaped = f"{re.escape(escape)}[%_{re.escape(escape)}]|" if escape else ""
    pieces = re.findall(f"{escaped}.", pattern, re.DOTALL)
    if escape in pieces or (escape is not None and len(escape) != 1):
        raise SelectError("EvaluatorLikePatternInvalidEscapeSequence", "ESCAPE is before no %, _ or itself.")
    shell = "".join(_WILDCARDS.get(each) or glob.escape(each[-1]) for each in pieces)
    return re.compile(fnmatch.translate(shell))
