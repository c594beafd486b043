"""Functions of texts, CAST, and aggregates.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference-sql-functions.html
Left out: COALESCE and NULLIF, and the functions of timestamps; FLOAT is DECIMAL here.
"""

import re
from decimal import Decimal
from typing import Any

from localcloud.s3_select.values import Operator, SelectError, kind, strict, unknown

_LONGEST = 2**31


@strict
def substring(text: str, start: Any, length: Any = _LONGEST) -> str:
    """SUBSTRING: the first character is the first.

    Raises:
        SelectError: The length is negative.
    """
    if length < 0:
        raise SelectError("IllegalSqlFunctionArgument", "A length is negative.")
    first = int(max(min(start, _LONGEST), -_LONGEST)) - 1
    return str.__getitem__(text, slice(max(first, 0), max(first + int(min(length, _LONGEST)), 0)))


FUNCTIONS: dict[str, Operator] = {
    **dict.fromkeys(("CHAR_LENGTH", "CHARACTER_LENGTH"), strict(str.__len__)),
    **{"LOWER": strict(str.lower), "UPPER": strict(str.upper)},
}
TRIMS = {"BOTH": strict(str.strip), "LEADING": strict(str.lstrip), "TRAILING": strict(str.rstrip)}
_INTEGER = re.compile("[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def _real(value: Any, pattern: re.Pattern[str] = _NUMBER) -> Decimal:
    if isinstance(value, str) and not pattern.fullmatch(value):
        raise ValueError(value)
    return Decimal(value)


def _int(value: Any) -> int:
    number = _real(value, _INTEGER)
    if not -(2**63) <= number < 2**63:
        raise ValueError(value)
    return int(number)


def text(value: Any) -> str:
    """A scalar as text.

    Raises:
        TypeError: It is a list or a struct.
    """
    if isinstance(value, list | dict):
        raise TypeError(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _bool(value: Any) -> bool:
    return {"true": True, "false": False}[value.lower()] if isinstance(value, str) else bool(value)


CASTS: dict[str, Operator] = {"BOOLEAN": _bool, "INT": _int, "FLOAT": _real, "DECIMAL": _real, "TEXT": text}
"""By sqlglot's names of types."""


def cast(value: Any, target: str) -> Any:
    """CAST.

    Raises:
        SelectError: The value is none of that type.
    """
    try:
        return value if unknown(value) else CASTS[target](value)
    except (ValueError, TypeError, ArithmeticError, KeyError) as error:
        raise SelectError("CastFailed", f"A {kind(value)} cannot be cast to {target}.") from error


def _sum(values: list[Any]) -> Decimal:
    return sum(map(Decimal, values), Decimal(0))


AGGREGATES: dict[str, Operator] = {
    **{"COUNT": len, "SUM": _sum, "MAX": max, "MIN": min},
    "AVG": lambda values: _sum(values) / len(values),
}


def aggregate(name: str, values: list[Any]) -> Any:
    """The result of an aggregate, which leaves out what is null or MISSING: null if there is no other value.

    Raises:
        SelectError: A value is no number, or the result is too large.
    """
    known = [value for value in values if not unknown(value)]
    if name != "COUNT" and any(kind(value) != "number" for value in known):
        raise SelectError("IncorrectSqlFunctionArgumentType", f"{name} takes numbers alone.")
    try:
        return AGGREGATES[name](known) if known or name == "COUNT" else None
    except ArithmeticError as error:
        raise SelectError("ExternalEvalException", f"{name} is too large.") from error
