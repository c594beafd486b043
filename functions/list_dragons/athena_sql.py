"""The statement that asks Athena for a page of dragons. No caller's text is in it: texts are parameters.

A row is a line of the dataset with its place: the object that it stands in, the one that it was written to
(its origin) and the name of the dragon. While a merge is at work a line stands twice, and those in the first
object that has a part of an origin count, also by a line without a dragon (`dragons.merged`). So the filters
come behind the choice of objects, and every line is read once.

Text is ordered by its UTF-8, which is the order of code points, as in Python.
Sources: https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html (question marks
stand in WHERE alone), https://docs.aws.amazon.com/athena/latest/ug/select.html#select-escaping and
https://github.com/trinodb/trino/blob/master/core/trino-spi/src/main/java/io/trino/spi/type/VarcharType.java
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from dragons.dataset import family_folder

COLUMNS = ("path", "origin", "name", "line")
"""What a row has."""

# AWS takes 1,024 characters a parameter, and each can be a quote, which is doubled.
_PARAMETER_CHARACTERS = 500

# Of bytes that are not UTF-8, from_utf8 makes U+FFFD: without it, such a line would look like another one.
_STATEMENT = """
WITH lines AS (
  SELECT
    "$path" AS path,
    line,
    concat(
      regexp_extract("$path", '^.*/'),
      coalesce(json_extract_scalar(line, '$._origin'), regexp_extract("$path", '[^/]*$'))
    ) AS origin,
    json_extract_scalar(line, '$.dragon_name_str') AS name
  FROM {table}
  WHERE {folder}"$path" LIKE '%.jsonl'
),
placed AS (
  SELECT path, origin, name, line, min(path) OVER (PARTITION BY origin) AS first_path
  FROM lines
  WHERE {origin}
)
SELECT path, origin, name, line
FROM placed
WHERE path = first_path AND name IS NOT NULL AND line = from_utf8(to_utf8(line)){name}{filters}
ORDER BY origin, name
LIMIT {rows}
"""

# A value that is no text may be what is wanted by its JSON, or a list that has it: the code decides.
_FILTER = """
  AND (
    json_extract_scalar(line, '$.{field}') = {wanted}
    OR json_format(json_extract(line, '$.{field}')) NOT LIKE '"%'
  )"""


class Statement(NamedTuple):
    """A statement, and the values of its question marks in their order."""

    text: str
    parameters: list[str]


class Place(NamedTuple):
    """Where a dragon stands, as Athena orders them: its origin's URI in S3, and its name."""

    origin: str
    name: str


def page_statement(prefix: str, filters: Mapping[str, str], after: Place | None, rows: int) -> Statement:
    """Ask for what may match, in the order of places.

    Args:
        prefix: The dataset's in its bucket.
        filters: Record field to the text wanted, which UTF-8 can carry.
        after: Rows up to this one are left out; None for none.
        rows: How many to give at most.
    """
    parameters: list[str] = []
    others, table, folder = dict(filters), "dragons", ""
    family = others.pop("family_str", None)
    if family is not None:
        encoded = family_folder(prefix, family).removeprefix(f"{prefix}family_str=").rstrip("/")
        table, folder = "dragons_by_family", f"family_str = {_text(encoded, parameters)} AND "
    origin, name = "true", ""
    if after is not None:
        origin = f"origin >= {_text(after.origin, parameters)}"
        name = f" AND (origin > {_text(after.origin, parameters)} OR name > {_text(after.name, parameters)})"
    found = "".join(
        _FILTER.format(field=field, wanted=_text(wanted, parameters)) for field, wanted in others.items()
    )
    text = _STATEMENT.format(table=table, folder=folder, origin=origin, name=name, filters=found, rows=rows)
    return Statement(text, parameters)


def _text(value: str, parameters: list[str]) -> str:
    """Add a text to the parameters, in pieces where it is long; gives what stands for it in the statement."""
    starts = range(0, max(len(value), 1), _PARAMETER_CHARACTERS)
    pieces = [value[start : start + _PARAMETER_CHARACTERS] for start in starts]
    parameters += ["'" + piece.replace("'", "''") + "'" for piece in pieces]
    return "?" if len(pieces) == 1 else f"concat({', '.join('?' for _ in pieces)})"
