r"""JSON Schema draft 4 with the messages of the validator behind API Gateway's models.

API Gateway checks models with fge's json-schema-validator, whose messages reach `validationErrorString`, such
as `object has missing required properties (["email"])`:
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-validation-set-up.html

Other than there: a message about an object's member begins with its JSON pointer (`/city: ...`), and a quoted
value is cut after MAX_QUOTED characters. Left out: the keywords not listed below have jsonschema's own
messages; patterns are Python's, with ECMA's meaning of `$`, `\d`, `\w` and `\s`.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft4Validator, ValidationError
from jsonschema.validators import extend

MAX_QUOTED = 200

_REGEX_PART = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\$", re.DOTALL)

Errors = Iterator[ValidationError]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _quoted(text: str) -> str:
    return text if len(text) <= MAX_QUOTED else text[:MAX_QUOTED] + "..."


def _type_name(instance: Any) -> str:
    names = ("array", "boolean", "integer", "null", "number", "object", "string")
    return next(name for name in names if Draft4Validator.TYPE_CHECKER.is_type(instance, name))


def _type(validator: Any, types: Any, instance: Any, _schema: Any) -> Errors:
    allowed = {types} if isinstance(types, str) else set(types)
    if any(validator.is_type(instance, name) for name in allowed):
        return
    if "number" in allowed:
        allowed.add("integer")
    yield ValidationError(
        f"instance type ({_type_name(instance)}) does not match any allowed primitive type "
        f"(allowed: {_json(sorted(allowed))})"
    )


def _required(validator: Any, required: Any, instance: Any, _schema: Any) -> Errors:
    if validator.is_type(instance, "object") and (missing := set(required) - set(instance)):
        yield ValidationError(f"object has missing required properties ({_json(sorted(missing))})")


def _additional_properties(validator: Any, allowed: Any, instance: Any, schema: Any) -> Errors:
    if allowed is not False:
        yield from Draft4Validator.VALIDATORS["additionalProperties"](validator, allowed, instance, schema)
        return
    if not validator.is_type(instance, "object"):
        return
    patterns = schema.get("patternProperties", {})
    unknown = [
        key
        for key in sorted(set(instance) - set(schema.get("properties", {})))
        if not any(re.search(pattern, key) for pattern in patterns)
    ]
    if unknown:
        yield ValidationError(
            "object instance has properties which are not allowed by the schema: "
            + _json([_quoted(key) for key in unknown])
        )


def _min_length(validator: Any, minimum: Any, instance: Any, _schema: Any) -> Errors:
    if validator.is_type(instance, "string") and len(instance) < minimum:
        yield ValidationError(
            f'string "{_quoted(instance)}" is too short '
            f"(length: {len(instance)}, required minimum: {minimum})"
        )


def _max_length(validator: Any, maximum: Any, instance: Any, _schema: Any) -> Errors:
    if validator.is_type(instance, "string") and len(instance) > maximum:
        yield ValidationError(
            f'string "{_quoted(instance)}" is too long (length: {len(instance)}, maximum allowed: {maximum})'
        )


def _pattern(validator: Any, pattern: Any, instance: Any, _schema: Any) -> Errors:
    """Python's `$` also matches before a last newline; ECMA's does not."""
    python = _REGEX_PART.sub(lambda part: r"\Z" if part[0] == "$" else part[0], pattern)
    if validator.is_type(instance, "string") and not re.search(python, instance, re.ASCII):
        yield ValidationError(f'ECMA 262 regex "{pattern}" does not match input string "{_quoted(instance)}"')


def _enum(validator: Any, values: Any, instance: Any, schema: Any) -> Errors:
    if list(Draft4Validator.VALIDATORS["enum"](validator, values, instance, schema)):
        yield ValidationError(
            f"instance value ({_quoted(_json(instance))}) not found in enum "
            f"(possible values: {_json(values)})"
        )


ModelValidator: Any = extend(  # type: ignore[no-untyped-call]
    Draft4Validator,
    {
        "type": _type,
        "required": _required,
        "additionalProperties": _additional_properties,
        "minLength": _min_length,
        "maxLength": _max_length,
        "pattern": _pattern,
        "enum": _enum,
    },
)


def model_errors(schema: dict[str, Any], instance: Any) -> list[str]:
    """Check a body against a model.

    As in API Gateway, the members of an object are only looked at when the object itself is right.

    Args:
        schema: The model's schema, JSON Schema draft 4.
        instance: The parsed body.

    Returns:
        list[str]: One message a violation, empty for a valid body.
    """
    errors = sorted(
        ModelValidator(schema).iter_errors(instance),
        key=lambda error: ([str(part) for part in error.path], str(error.validator)),
    )
    failed = {tuple(error.path) for error in errors}
    return [
        _pointer(error.path) + error.message
        for error in errors
        if not any(tuple(error.path)[:depth] in failed for depth in range(len(error.path)))
    ]


def _pointer(path: Any) -> str:
    steps = [str(part).replace("~", "~0").replace("/", "~1") for part in path]
    return "".join(f"/{step}" for step in steps) + ": " if steps else ""
