"""Expressions, compiled to functions of a row: a large object has many rows.

Left out: CASE, and operators that calculate; what is left out is refused.
"""

import operator
from collections.abc import Callable, Iterable
from typing import Any

from sqlglot import exp

from localcloud.s3_select import values
from localcloud.s3_select.functions import CASTS, FUNCTIONS, TRIMS, cast, substring
from localcloud.s3_select.parser import path_of
from localcloud.s3_select.references import Binding
from localcloud.s3_select.values import MISSING, Operator, SelectError

type Evaluate = Callable[[Any], Any]
_OPERATORS: dict[type[exp.Expression], Operator] = {
    exp.EQ: values.equal,
    exp.NEQ: lambda left, right: values.negated(values.equal(left, right)),
    exp.LT: values.ordered(operator.lt),
    exp.LTE: values.ordered(operator.le),
    exp.GT: values.ordered(operator.gt),
    exp.GTE: values.ordered(operator.ge),
    exp.Not: values.negated,
    exp.Like: values.like,
    exp.DPipe: values.strict(str.__add__),
    exp.Paren: lambda value: value,
    exp.Substring: substring,
}
"""Those whose operands are all evaluated."""
_OPERANDS = ("this", "expression", "start", "length")


class Compiler:
    """Compiles the expressions of one query.

    Args:
        binding: What the names of the query refer to.
    """

    def __init__(self, binding: Binding) -> None:
        self._binding = binding

    def compile(self, node: exp.Expression) -> Evaluate:
        """Compile an expression.

        Raises:
            SelectError: S3 Select has no such expression, or it is left out here.
        """
        if type(node) in _OPERATORS:
            operands = [node.args[name] for name in _OPERANDS if node.args.get(name)]
            return self._applied(_OPERATORS[type(node)], operands)
        make: Callable[[Any], Evaluate] | None = getattr(self, f"_of_{type(node).__name__.lower()}", None)
        if make is None:
            raise SelectError("UnsupportedSyntax", f"{type(node).__name__.upper()} is not served here.")
        return make(node)

    def _applied(self, call: Operator, nodes: Iterable[exp.Expression]) -> Evaluate:
        operands = [self.compile(node) for node in nodes]
        return lambda row: call(*[operand(row) for operand in operands])

    def _connected(self, nodes: Iterable[exp.Expression], *, decisive: bool) -> Evaluate:
        """AND, whose decisive value is False, or OR."""
        operands = [self.compile(node) for node in nodes]

        def connected(row: Any) -> Any:
            result: bool | None = not decisive
            for value in (operand(row) for operand in operands):
                if value is decisive:
                    return decisive
                result = result if isinstance(value, bool) else None
            return result

        return connected

    def _of_literal(self, node: exp.Expression) -> Evaluate:
        value = node.to_py()
        return lambda _: value

    _of_null = _of_boolean = _of_neg = _of_literal

    def _of_column(self, node: exp.Expression) -> Evaluate:
        return (lambda _: MISSING) if _is_missing(node) else self._binding.getter(path_of(node))

    _of_dot = _of_bracket = _of_column

    def _of_and(self, node: exp.Connector) -> Evaluate:
        flatten: Any = node.flatten  # a chain of these, which can be long, nests in no depth
        return self._connected(flatten(unnest=False), decisive=isinstance(node, exp.Or))

    _of_or = _of_and

    def _of_between(self, node: exp.Between) -> Evaluate:
        low, high = node.args["low"], node.args["high"]
        bounds = (exp.GTE(this=node.this, expression=low), exp.LTE(this=node.this, expression=high))
        return self._connected(bounds, decisive=False)

    def _of_in(self, node: exp.In) -> Evaluate:
        if not node.expressions:
            raise SelectError("UnsupportedSyntax", "Behind IN stands no list of values.")
        members = [exp.EQ(this=node.this, expression=each) for each in node.expressions]
        return self._connected(members, decisive=True)

    def _of_is(self, node: exp.Is) -> Evaluate:
        operand, tested = self.compile(node.this), node.expression
        if isinstance(tested, exp.Null):
            return lambda row: values.unknown(operand(row))
        if _is_missing(tested):
            return lambda row: operand(row) is MISSING
        raise SelectError("ParseUnexpectedToken", "Behind IS stands neither NULL nor MISSING.")

    def _of_escape(self, node: exp.Escape) -> Evaluate:
        if not isinstance(node.this, exp.Like):
            raise SelectError("ParseUnexpectedToken", "An ESCAPE belongs to no LIKE.")
        return self._applied(values.like, (node.this.this, node.this.expression, node.expression))

    def _of_cast(self, node: exp.Cast) -> Evaluate:
        target = node.to.this.name
        if target not in CASTS or node.to.expressions or node.args.get("format"):
            raise SelectError("InvalidDataType", f"{node.to.sql()} is no type that is served here.")
        value = self.compile(node.this)
        return lambda row: cast(value(row), target)

    def _of_trim(self, node: exp.Trim) -> Evaluate:
        characters = node.args.get("expression") or exp.Literal.string(" ")
        return self._applied(TRIMS[node.args.get("position") or "BOTH"], (node.this, characters))

    def _of_anonymous(self, node: exp.Anonymous) -> Evaluate:
        if node.name.upper() not in FUNCTIONS or len(node.expressions) != 1:
            raise SelectError("UnsupportedFunction", f"{node.name} is not served here, or not in this way.")
        return self._applied(FUNCTIONS[node.name.upper()], node.expressions)


def _is_missing(node: exp.Expression) -> bool:
    return isinstance(node, exp.Column) and len(node.parts) == 1 and node.name.lower() == "missing"
