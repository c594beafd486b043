"""Reads the JSON of a request body as strictly as API Gateway does, in two cases more so.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
and the defaults of the Java parsers behind it (Jackson, json-schema-validator).

Stricter than AWS: a repeated key (there the last one wins) and half a surrogate pair (there it becomes "?",
since it has no UTF-8 form) are refused, so that the text that was validated is the text that is stored.
"""

import json
import math
import re
from typing import Any

MAX_DEPTH = 1000
"""Levels of nesting that Jackson reads before it gives up."""

_SURROGATE = re.compile("[\ud800-\udfff]")


class InvalidJsonError(ValueError):
    """The text is not the JSON that API Gateway accepts; the message says why."""


def parse_request_json(body: bytes | str) -> Any:
    """Parse a request body.

    Args:
        body: The body as it arrived, or its text.

    Returns:
        Any: The JSON value.

    Raises:
        InvalidJsonError: Not UTF-8, not JSON, NaN or Infinity, a number beyond a double, a repeated key,
            more than MAX_DEPTH levels, or half a surrogate pair.
    """
    try:
        text = body.decode("utf-8") if isinstance(body, bytes) else body
        value = json.loads(
            text,
            parse_constant=_refuse_constant,
            parse_float=_finite_float,
            object_pairs_hook=_unique_keys,
        )
    except UnicodeDecodeError:
        raise InvalidJsonError("the body is not UTF-8") from None
    except RecursionError:
        raise InvalidJsonError(f"nested more than {MAX_DEPTH} levels deep") from None
    except ValueError as error:
        raise InvalidJsonError(str(error)) from None
    _check_depth_and_text(value)
    return value


def _refuse_constant(name: str) -> None:
    raise InvalidJsonError(f"{name} is not a JSON number")


def _finite_float(literal: str) -> float:
    number = float(literal)
    if not math.isfinite(number):
        raise InvalidJsonError("a number is too large")
    return number


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise InvalidJsonError("a key is repeated in an object")
    return members


def _check_depth_and_text(value: Any) -> None:
    """Walk the value without recursion, since its depth is the caller's to choose."""
    pending = [(value, 1)]
    while pending:
        item, depth = pending.pop()
        if depth > MAX_DEPTH + 1:
            raise InvalidJsonError(f"nested more than {MAX_DEPTH} levels deep")
        if isinstance(item, str):
            if _SURROGATE.search(item):
                raise InvalidJsonError("half a surrogate pair is not a character")
        elif isinstance(item, dict):
            pending.extend((part, depth + 1) for part in (*item, *item.values()))
        elif isinstance(item, list):
            pending.extend((part, depth + 1) for part in item)
