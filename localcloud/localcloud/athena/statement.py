"""A statement of Athena, in Trino's dialect, as DuckDB runs it.

sqlglot parses and translates it. What Trino reads out of JSON with two functions, DuckDB reads otherwise
(objects are no scalars, text that is no JSON is NULL and no error), so those are macros.

Sources: https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html and
https://trino.io/docs/current/functions/json.html
"""

from collections.abc import Iterator, Sequence

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError

MACROS = """
CREATE MACRO trino_json_extract(text, path) AS CASE WHEN json_valid(text) THEN json_extract(text, path) END;
CREATE MACRO trino_json_extract_scalar(text, path) AS
    CASE WHEN json_valid(text) AND json_type(text, path) NOT IN ('OBJECT', 'ARRAY')
         THEN json_extract_string(text, path) END;
"""


class QueryError(Exception):
    """A query fails, for a reason in Athena's words."""


class Statement:
    """A query, its parameters put in.

    Args:
        text: Of the statement.
        parameters: For its question marks: expressions of SQL, so that text is in single quotes.

    Raises:
        SqlglotError: It is no query.
        QueryError: There are more or fewer parameters than question marks.
    """

    def __init__(self, text: str, parameters: Sequence[str] = ()) -> None:
        self._tree = _parsed(_with(text, parameters))
        if not isinstance(self._tree, exp.Query):
            raise ParseError("Queries of this type are not supported")

    def tables(self) -> Iterator[tuple[str, str, exp.Table]]:
        """Yield the tables that it reads: database (empty: the query's own), name, and where."""
        own = {each.alias for each in self._tree.find_all(exp.CTE)}
        for table in list(self._tree.find_all(exp.Table)):
            if table.db or table.name not in own:
                yield table.db, table.name.lower(), table

    def values(self, column: str) -> list[str]:
        """The texts that it wants a column to equal."""
        found = [
            [each.right]
            for each in self._tree.find_all(exp.EQ)
            if isinstance(each.left, exp.Column) and each.left.name == column
        ] + [
            each.expressions
            for each in self._tree.find_all(exp.In)
            if isinstance(each.this, exp.Column) and each.this.name == column
        ]
        return sorted({value.name for values in found for value in values if isinstance(value, exp.Literal)})

    def for_duckdb(self) -> str:
        """The statement in DuckDB's dialect; what has no name is called as Athena calls it."""
        tree = self._tree.transform(_for_duckdb)
        for number, each in enumerate(tree.selects):
            if not isinstance(each, exp.Alias | exp.Column | exp.Star):
                each.replace(exp.alias_(each.copy(), f"_col{number}"))
        return str(tree.sql(dialect="duckdb"))


def _with(text: str, parameters: Sequence[str]) -> str:
    """Put in the parameters, each as one expression, in the order of the text."""
    tokens = sqlglot.tokenize(text, read="trino")
    places = [each for each in tokens if each.token_type is sqlglot.TokenType.PLACEHOLDER]
    if len(places) != len(parameters):
        raise QueryError(
            f"Incorrect number of parameters: expected {len(places)} but found {len(parameters)}"
        )
    pieces, start = [], 0
    for place, parameter in zip(places, map(_parsed, parameters), strict=True):
        value = parameter if isinstance(parameter, exp.Literal) else exp.paren(parameter)
        pieces += [text[start : place.start], value.sql(dialect="trino")]
        start = place.end + 1
    return "".join((*pieces, text[start:]))


def _parsed(text: str) -> exp.Expression:
    return sqlglot.parse_one(text, read="trino")


def _for_duckdb(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Literal) and "\0" in node.name:  # DuckDB's parser would end there
        pieces = exp.array(*(exp.Literal.string(each) for each in node.name.split("\0")))
        nul = exp.Anonymous(this="chr", expressions=[exp.Literal.number(0)])
        return exp.Anonymous(this="array_to_string", expressions=[pieces, nul])
    if not isinstance(node, exp.JSONExtract | exp.JSONExtractScalar):
        return node
    scalar = "_scalar" if isinstance(node, exp.JSONExtractScalar) else ""
    path = exp.Literal.string(node.expression.sql(dialect="duckdb").strip("'"))
    return exp.func(f"trino_json_extract{scalar}", node.this, path)
