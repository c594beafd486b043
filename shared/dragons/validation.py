"""Validation of a report against its schema, every field at once."""

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
    report = schema("report")
    fields = {RECORD_NAMES.get(field, field): field for field in report["properties"]}
    errors = [
        FieldError(field, "is required")
        for name, field in fields.items()
        if field in report["required"] and name not in workflow_input
    ]
    for name, value in workflow_input.items():
        if name not in fields:
            errors.append(FieldError(name, "is not a field of a report"))
        elif reason := _reason(fields[name], value):
            errors.append(FieldError(fields[name], reason))
    return errors


def _reason(field: str, value: Any) -> str | None:
    try:
        _validators()[field](value)
    except fastjsonschema.JsonSchemaValueException as error:
        return str(error.message).removeprefix("data ")
    return None


@cache
def _validators() -> dict[str, Callable[[Any], Any]]:
    """A compiled validator for each field: one for the whole report would stop at its first error."""
    draft = {"$schema": schema("report")["$schema"]}
    return {
        name: fastjsonschema.compile(draft | field, detailed_exceptions=False)
        for name, field in schema("report")["properties"].items()
    }
