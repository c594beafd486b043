"""Queries at work, and what came of them.

Sources: https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecutionStatus.html,
https://docs.aws.amazon.com/athena/latest/ug/workgroups-setting-control-limits-cloudwatch.html and
https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html
"""

import csv
import io
import threading
from dataclasses import dataclass, field
from typing import Any

import duckdb
from sqlglot import exp

from localcloud.athena.statement import MACROS, QueryError, Statement
from localcloud.athena.tables import load

_LIMIT = "Bytes scanned limit was exceeded"
_TYPES = {"HUGEINT": "decimal", "TEXT": "varchar"}


@dataclass
class Query:
    """A query.

    Attributes:
        statement: What is asked.
        database: Where a table is that names none.
        limit: Bytes that it may read; none for any number.
        output: Where in S3 its result goes.
        state: One of Athena's.
        reason: Why it is in this state.
        scanned: The bytes that it read.
        columns: Name and type of each.
        rows: The result: text, or None for NULL.
    """

    statement: Statement
    database: str
    limit: int | None
    output: str
    state: str = "QUEUED"
    reason: str | None = None
    scanned: int = 0
    columns: list[tuple[str, str]] = field(default_factory=list)
    rows: list[list[str | None]] = field(default_factory=list)
    _connection: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, glue: Any, s3: Any) -> None:
        """Run it, in this thread."""
        self._move("RUNNING")
        try:
            self._read_tables(glue, s3)
            self._answer()
            self._write(s3)
            self._move("SUCCEEDED")
        except Exception as error:  # whatever it is, it ends the query
            self._move("CANCELLED" if str(error) == _LIMIT else "FAILED", str(error))
        finally:
            self._connection.close()

    def stop(self) -> None:
        """End it, if it is still at work."""
        self._move("CANCELLED", "Query was cancelled by the user")
        self._connection.interrupt()

    def _move(self, state: str, reason: str | None = None) -> None:
        with self._lock:
            if self.state in {"QUEUED", "RUNNING"}:
                self.state, self.reason = state, reason

    def _read_tables(self, glue: Any, s3: Any) -> None:
        names: dict[tuple[str, str], str] = {}
        for database, table, node in self.statement.tables():
            place = (database or self.database, table)
            if place not in names:
                names[place] = f"table_{len(names)}"
                self.scanned += load(
                    self._connection, names[place], _described(glue, *place), self.statement, s3
                )
                if self.limit is not None and self.scanned > self.limit:
                    raise QueryError(_LIMIT)
            alias = node.alias or table
            node.replace(exp.alias_(exp.to_table(names[place]), alias, table=True))

    def _answer(self) -> None:
        self._connection.execute(MACROS)
        # Another query's text must not read this machine's files.
        self._connection.execute("SET enable_external_access = false; SET lock_configuration = true")
        result = self._connection.execute(self.statement.for_duckdb())
        self.columns = [(each[0], _type(str(each[1]))) for each in result.description or ()]
        self.rows = [[_text(cell) for cell in row] for row in result.fetchall()]

    def _write(self, s3: Any) -> None:
        bucket, _, key = self.output.removeprefix("s3://").partition("/")
        file = io.StringIO()
        writer = csv.writer(file, quoting=csv.QUOTE_NOTNULL, lineterminator="\n")
        writer.writerows([[name for name, _ in self.columns], *self.rows])
        s3.put_object(Bucket=bucket, Key=key, Body=file.getvalue().encode())


def _described(glue: Any, database: str, table: str) -> Any:
    try:
        return glue.get_table(DatabaseName=database, Name=table)["Table"]
    except glue.exceptions.EntityNotFoundException as error:
        raise QueryError(
            f"TABLE_NOT_FOUND: line 1:1: Table 'awsdatacatalog.{database}.{table}' does not exist"
        ) from error


def _type(duckdbs: str) -> str:
    return _TYPES.get(duckdbs, duckdbs.lower())


def _text(cell: Any) -> str | None:
    if cell is None:
        return None
    return str(cell).lower() if isinstance(cell, bool) else str(cell)
