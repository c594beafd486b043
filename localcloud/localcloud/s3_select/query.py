"""A query that is ready to run over the values of an object."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from sqlglot import exp

from localcloud.s3_select.evaluator import Compiler, Evaluate
from localcloud.s3_select.functions import AGGREGATES, aggregate
from localcloud.s3_select.parser import parse, path_of
from localcloud.s3_select.references import Binding, unfolding
from localcloud.s3_select.values import SelectError

type Record = list[tuple[str, Any]]
"""The columns of a result, by their names."""


class Query:
    """A query."""

    def __init__(self, expression: str, *, csv: bool) -> None:
        """Compile a query.

        Args:
            expression: Its SQL.
            csv: Whether the object's rows are those of CSV.

        Raises:
            SelectError: S3 Select has no such query.
        """
        try:
            self._compile(parse(expression), csv=csv)
        except RecursionError as error:
            raise SelectError("MaxOperatorsExceeded", "The expression is nested too deeply.") from error
        except (ValueError, ArithmeticError) as error:
            raise SelectError("UnsupportedSyntax", f"The expression is not served here: {error}.") from error

    def _compile(self, tree: exp.Select, *, csv: bool) -> None:
        self._binding = Binding(tree.args["from_"].this, csv=csv)
        self._compiler = Compiler(self._binding)
        self._limit = _limit(tree.args.get("limit"))
        where = tree.args.get("where")
        self._where = self._compiler.compile(where.this) if where else lambda _: True
        self._aggregates: list[tuple[Evaluate, list[Any]]] = []
        self._columns = [self._column(node, place) for place, node in enumerate(tree.expressions, 1)]
        if len(self._aggregates) not in (0, len(self._columns)):
            raise SelectError("UnsupportedSqlStructure", "A column stands beside an aggregate.")

    def _column(self, node: exp.Expression, position: int) -> Callable[[Any], Record]:
        if isinstance(node, exp.Star) or (isinstance(node, exp.Column) and isinstance(node.this, exp.Star)):
            table = path_of(node)[:-1]
            if table and not (len(table) == 1 and self._binding.is_row(table[0])):
                raise SelectError("ParseInvalidPathComponent", "Only a table's alias takes a *.")
            return _members
        column = node.this if isinstance(node, exp.Alias) else node
        name = node.alias or _name(column) or f"_{position}"
        evaluate = self._aggregate(column) or self._compiler.compile(column)
        return lambda row: [(name, evaluate(row))]

    def _aggregate(self, node: exp.Expression) -> Evaluate | None:
        """What gives the result of an aggregate, which stands in the SELECT list alone."""
        name = node.name.upper()
        if not isinstance(node, exp.Anonymous) or name not in AGGREGATES or len(node.expressions) != 1:
            return None
        (argument,) = node.expressions
        every = name == "COUNT" and isinstance(argument, exp.Star)
        values: list[Any] = []
        self._aggregates.append((self._compiler.compile(exp.true() if every else argument), values))
        return lambda _: aggregate(name, values)

    def run(self, values: Iterable[Any]) -> Iterator[Record | None]:
        """Run it over an object's values, or its rows of CSV.

        Yields:
            A record for each row that it gives one for, and None for any other.

        Raises:
            SelectError: A row cannot be evaluated.
        """
        left = self._limit
        for row in self._rows(values) if left else ():
            matches = self._where(row) is True
            for argument, found in self._aggregates if matches else ():
                found.append(argument(row))
            if not matches or self._aggregates:
                yield None
                continue
            yield self._record(row)
            left -= 1
            if not left:
                return
        if self._aggregates and left:
            yield self._record(None)

    def _rows(self, values: Iterable[Any]) -> Iterable[Any]:
        for step in self._binding.path:
            values = chain.from_iterable(map(unfolding(step), values))
        return values

    def _record(self, row: Any) -> Record:
        return [pair for column in self._columns for pair in column(row)]


def _members(row: Any) -> Record:
    """All of a row: its columns or members, or itself as `_1`."""
    return list(row.items()) if isinstance(row, dict) else [("_1", row)]


def _name(node: exp.Expression) -> str:
    last = path_of(node)[-1] if isinstance(node, exp.Column | exp.Dot | exp.Bracket) else None
    return last.name if isinstance(last, exp.Identifier) else ""


def _limit(node: exp.Limit | None) -> int:
    """How many records there may be; -1 for any number."""
    if node is None:
        return -1
    if not isinstance(node.expression, exp.Literal) or not node.expression.is_int:
        raise SelectError("ParseExpectedNumber", "Behind LIMIT stands no integer.")
    return int(node.expression.to_py())
