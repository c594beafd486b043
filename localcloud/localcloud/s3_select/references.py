"""What names refer to: the row itself, or what is in it.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference-select.html
"""

import re
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from sqlglot import exp

from localcloud.s3_select.parser import ELEMENTS, MEMBERS, Step, path_of
from localcloud.s3_select.values import MISSING, Operator, SelectError

_POSITION = re.compile("_[1-9][0-9]*")


def element(step: Step) -> Operator:
    """What gets an element of a list, or a member of a struct: without quotes, whatever its case.

    Raises:
        SelectError: It is a wildcard; AmbiguousFieldName, when it is called.
    """
    if isinstance(step, int):
        return lambda value: value[step] if isinstance(value, list) and step < len(value) else MISSING
    if isinstance(step, str):
        raise SelectError("ParseInvalidPathComponent", "A path of SELECT or WHERE has a *.")
    name, folded = step.name, step.name.lower()
    if step.quoted:
        return lambda value: value.get(name, MISSING) if isinstance(value, dict) else MISSING

    def member(value: Any) -> Any:
        found = [key for key in value if key.lower() == folded] if isinstance(value, dict) else []
        if len(found) > 1:
            raise SelectError("AmbiguousFieldName", f'{name} is several fields: write "{name}".')
        return value[found[0]] if found else MISSING

    return member


def column(step: Step) -> Operator:
    """What gets a column of a row of CSV: by its name in the header, or without one by its number.

    Raises:
        SelectError: It is a wildcard; MissingHeaders and AmbiguousFieldName, when it is called.
    """
    get, name = element(step), step.name if isinstance(step, exp.Identifier) else str(step)

    def cell(row: dict[str, Any]) -> Any:
        value = get(row)
        if value is MISSING and not ("_1" in row and _POSITION.fullmatch(name)):
            raise SelectError("MissingHeaders", f"The header has no {name}.")
        return value

    return cell


class Binding:
    """What the FROM clause gives names to.

    Attributes:
        path: Its steps behind `S3Object[*]`.
    """

    def __init__(self, table: exp.Table, *, csv: bool) -> None:
        """Read the clause.

        Raises:
            SelectError: It names no S3Object, or its path is none.
        """
        name, *steps = path_of(table.this)
        if not isinstance(name, exp.Identifier) or name.name.lower() != "s3object":
            raise SelectError("EvaluatorBindingDoesNotExist", "FROM does not name S3Object.")
        if (steps and steps[0] != ELEMENTS) or (csv and len(steps) > 1):
            raise SelectError("InvalidKeyPath", "A path begins with S3Object[*]; of CSV, that is all.")
        self.path = steps[1:]
        self._csv = csv
        alias = table.args["alias"].this if table.args.get("alias") else [name, *steps][-1]
        names = [alias.name] if isinstance(alias, exp.Identifier) else []
        self._names = names if csv else [*names, "_1"]

    def is_row(self, step: Step) -> bool:
        """Whether a name is the row's own."""
        if not isinstance(step, exp.Identifier):
            return False
        return step.name in self._names if step.quoted else step.name.lower() in map(str.lower, self._names)

    def getter(self, steps: Sequence[Step]) -> Operator:
        """What gets from a row what a reference names.

        Raises:
            SelectError: It is no path, or CSV has no such column.
        """
        rest = steps[1:] if self.is_row(steps[0]) else steps
        if self._csv and len(rest) > 1:
            raise SelectError("InvalidKeyPath", "A column of CSV is named as in alias.name.")
        getters = [(column if self._csv else element)(step) for step in rest]
        return lambda row: reduce(lambda value, get: get(value), getters, row)


def unfolding(step: Step) -> Callable[[Any], list[Any]]:
    """What makes rows of a value, by a step of the FROM clause: one at least, which may be MISSING."""
    if step == ELEMENTS:
        return lambda value: (value if isinstance(value, list) else []) or [MISSING]
    if step == MEMBERS:
        return lambda value: (list(value.values()) if isinstance(value, dict) else []) or [MISSING]
    get = element(step)
    return lambda value: [get(value)]
