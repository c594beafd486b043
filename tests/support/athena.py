"""Athena in memory, over a bucket in memory: DuckDB runs the statements, once sqlglot has translated them."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import duckdb
import sqlglot
from botocore.exceptions import ClientError
from sqlglot import exp

from support.fakes import FakeS3

# Of what is no JSON, Trino reads NULL; of objects and lists, no scalar.
_MACROS = """
CREATE MACRO trino_extract(j, path) AS CASE WHEN json_valid(j) THEN json_extract(j, path) END;
CREATE MACRO trino_scalar(j, path) AS
    CASE WHEN json_valid(j) AND json_type(j, path) NOT IN ('OBJECT', 'ARRAY')
    THEN json_extract_string(j, path) END;
"""
_TEXT = re.compile(r"'((?:[^']|'')*)'", re.DOTALL)


class TooManyRequestsException(ClientError):  # noqa: N818 - AWS's name
    """The error that a client of Athena raises where too many queries are at work."""

    def __init__(self) -> None:
        super().__init__(
            {"Error": {"Code": "TooManyRequestsException", "Message": ""}}, "StartQueryExecution"
        )


class FakeAthena:
    """A workgroup.

    Attributes:
        s3: The bucket that the tables' folders are in.
        statements: Each statement and its parameters.
        status: What GetQueryExecution tells, beside a query that has run.
        refuses: Whether it takes no query.
        stopped: The queries that were stopped.
    """

    class exceptions:  # noqa: N801 - as on a client
        """The client's own errors."""

        TooManyRequestsException = TooManyRequestsException

    def __init__(self, s3: FakeS3) -> None:
        self.s3 = s3
        self.statements: list[tuple[str, list[str]]] = []
        self.status: dict[str, Any] = {"State": "SUCCEEDED"}
        self.refuses = False
        self.stopped: list[str] = []
        self._rows: list[list[list[str | None]]] = []

    def start_query_execution(
        self,
        QueryString: str,
        QueryExecutionContext: dict[str, str],
        WorkGroup: str,
        ExecutionParameters: tuple[str, ...] | list[str] = (),
    ) -> dict[str, str]:
        """Run a query, at once."""
        assert (QueryExecutionContext, WorkGroup) == ({"Database": "dragons_unit"}, "dragons-unit")
        assert all(1 <= len(each) <= 1024 for each in ExecutionParameters)
        if self.refuses:
            raise TooManyRequestsException
        self.statements.append((QueryString, list(ExecutionParameters)))
        self._rows.append(self._run(QueryString, [_text(each) for each in ExecutionParameters]))
        return {"QueryExecutionId": str(len(self._rows) - 1)}

    def get_query_execution(self, QueryExecutionId: str) -> dict[str, Any]:
        """Tell of a query."""
        assert int(QueryExecutionId) < len(self._rows)
        return {"QueryExecution": {"Status": self.status, "Statistics": {"DataScannedInBytes": 7}}}

    def stop_query_execution(self, QueryExecutionId: str) -> None:
        """Stop a query."""
        self.stopped.append(QueryExecutionId)

    def get_paginator(self, operation: str) -> "FakeAthena":
        """Give results, two rows a page, the first of all the header."""
        assert operation == "get_query_results"
        return self

    def paginate(self, QueryExecutionId: str) -> Iterator[dict[str, Any]]:
        """Yield the pages of a result."""
        header: list[str | None] = ["path", "origin", "name", "line"]
        rows = [{"Data": _cells(row)} for row in [header, *self._rows[int(QueryExecutionId)]]]
        for start in range(0, len(rows), 2):
            yield {"ResultSet": {"Rows": rows[start : start + 2]}}

    def _run(self, statement: str, parameters: list[str]) -> list[list[str | None]]:
        rows = [
            (_utf8(line), f"s3://{self.s3.bucket}/{key}", key.split("/")[-2].removeprefix("family_str="))
            for key, content in self.s3.objects.items()
            for line in content.split(b"\n")[:-1]
        ]
        connection = _database()
        connection.execute("DELETE FROM dragons")
        if rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            connection.execute("INSERT INTO dragons SELECT unnest(?), unnest(?), unnest(?)", columns)
        return [list(row) for row in connection.execute(_in_duckdb(statement), parameters).fetchall()]


@cache
def _database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(_MACROS)
    connection.execute('CREATE TABLE dragons (line VARCHAR, "$path" VARCHAR, family_str VARCHAR)')
    connection.execute("CREATE VIEW dragons_by_family AS FROM dragons")
    return connection


@cache
def _in_duckdb(statement: str) -> str:
    tree = sqlglot.parse_one(statement, read="trino")
    return str(tree.transform(_translated).sql(dialect="duckdb"))


def _cells(row: list[str | None]) -> list[dict[str, str]]:
    return [{} if cell is None else {"VarCharValue": cell} for cell in row]


def _utf8(line: bytes) -> str | None:
    """The text of a line; None for bytes that are none, which DuckDB refuses: their place alone counts."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return None


def _text(parameter: str) -> str:
    found = _TEXT.fullmatch(parameter)
    assert found, parameter
    return found[1].replace("''", "'")


def _translated(node: exp.Expression) -> exp.Expression:
    if not isinstance(node, exp.JSONExtract | exp.JSONExtractScalar):
        return node
    macro = "trino_extract" if isinstance(node, exp.JSONExtract) else "trino_scalar"
    return exp.func(macro, node.this, exp.Literal.string(node.expression.sql(dialect="duckdb").strip("'")))
