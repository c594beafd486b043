"""Validation of reports and dragons against their schemas, every field at once."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import fastjsonschema

from dragons.errors import FieldError
from dragons.fields import RECORD_NAMES
from dragons.schemas import schema


def report_errors(workflow_input: Mapping[str, Any]) -> list[FieldError]:
    """Find all that is wrong with a report.

    Args:
        workflow_input: A report as the workflow gets it: the dragon's fields by their names on record, the
            phone number and the confirmation.

    Returns:
        One error a field at most, named as the reporter named it, missing fields first; empty if the
        report is good.
    """
    names = {RECORD_NAMES.get(field, field): field for field in schema("report")["properties"]}
    return _errors("report", workflow_input, names)


def dragon_errors(dragon: Mapping[str, Any]) -> list[FieldError]:
    """Find all that is wrong with a dragon on record.

    Returns:
        One error a field at most, missing fields first; empty if the dragon is as the schema has it.
    """
    return _errors("dragon", dragon, {field: field for field in schema("dragon")["properties"]})


def _errors(kind: str, values: Mapping[str, Any], fields: Mapping[str, str]) -> list[FieldError]:
    """Find what is wrong with values; `fields` has the schema's field of each name that they may have."""
    errors = [
        FieldError(field, "is required")
        for name, field in fields.items()
        if field in schema(kind)["required"] and name not in values
    ]
    for name, value in values.items():
        if name not in fields:
            errors.append(FieldError(name, f"is not a field of a {kind}"))
        elif reason := _reason(kind, fields[name], value):
            errors.append(FieldError(fields[name], reason))
    return errors


def _reason(kind: str, field: str, value: Any) -> str | None:
    try:
        _validators(kind)[field](value)
    except fastjsonschema.JsonSchemaValueException as error:
        return str(error.message).removeprefix("data ")
    return None


@cache
def _validators(kind: str) -> dict[str, Callable[[Any], Any]]:
    """A compiled validator for each field: one for the whole would stop at its first error."""
    draft = {"$schema": schema(kind)["$schema"]}
    return {
        name: fastjsonschema.compile(draft | field, detailed_exceptions=False)
        for name, field in schema(kind)["properties"].items()
    }
