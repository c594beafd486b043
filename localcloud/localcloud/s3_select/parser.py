"""The grammar of S3 Select: sqlglot's, less other engines' functions, and with paths in the FROM clause.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference-select.html
Left out: reserved words as names, which AWS wants quoted and which need no quotes here.
"""

from typing import Any, ClassVar

from sqlglot import TokenType, exp, parser, tokens
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError, TokenError

from localcloud.s3_select.values import SelectError

ELEMENTS, MEMBERS = "[*]", ".*"
type Step = exp.Identifier | int | str
"""Of a path: a member by its name, an element by its index, or one of the two wildcards."""

_WITH_WORDS = ("CAST", "EXTRACT", "SUBSTRING", "TRIM")
_CLAUSES = {"expressions", "from_", "where", "limit"}


class S3Select(Dialect):
    """The dialect."""

    class Tokenizer(tokens.Tokenizer):
        """Between backticks stands a timestamp."""

        RAW_STRINGS: ClassVar[list[str | tuple[str, str]]] = ["`"]

    class Parser(parser.Parser):
        """It leaves calls as they are written, but for those with words between their arguments."""

        FUNCTIONS = {}  # noqa: RUF012  (sqlglot declares all of these for instances)
        FUNCTION_PARSERS = {name: parser.Parser.FUNCTION_PARSERS[name] for name in _WITH_WORDS}  # noqa: RUF012
        COLUMN_OPERATORS = {TokenType.DOT: None}  # noqa: RUF012

        def _parse_table(self, *_: Any, **__: Any) -> exp.Table:
            return self.expression(exp.Table, this=self._parse_column(), alias=self._parse_table_alias())


def parse(expression: str) -> exp.Select:
    """Parse a query.

    Raises:
        SelectError: It is too long, it breaks the grammar, or it uses what S3 Select does not have.
    """
    if len(expression.encode("utf-8", "surrogatepass")) > 256 * 1024:
        raise SelectError("ExpressionTooLong", "The expression is longer than 256 KB.")
    try:
        query, *others = S3Select().parse(expression)
    except (ParseError, TokenError) as error:
        raise SelectError("ParseUnexpectedToken", f"{str(error).splitlines()[0].rstrip('.')}.") from error
    if others or not isinstance(query, exp.Select) or not (query.expressions and query.args.get("from_")):
        raise SelectError("ParseUnsupportedSelect", "The expression must be one SELECT ... FROM S3Object.")
    if unknown := [name for name, value in query.args.items() if value and name not in _CLAUSES]:
        raise SelectError("UnsupportedSqlStructure", f"S3 Select has no {unknown[0].strip('_').upper()}.")
    if len(query.expressions) > 1 and any(isinstance(each, exp.Star) for each in query.expressions):
        raise SelectError("ParseAsteriskIsNotAloneInSelectList", "Beside * nothing else can be selected.")
    return query


def path_of(node: exp.Expression | None) -> list[Step]:
    """The steps that a reference, or the FROM clause, consists of.

    Raises:
        SelectError: It is none, or has an index that is calculated.
    """
    if isinstance(node, exp.Column):
        return [step for part in node.parts for step in path_of(part)]
    if isinstance(node, exp.Dot):
        return [*path_of(node.this), *path_of(node.expression)]
    if isinstance(node, exp.Bracket) and len(node.expressions) == 1:
        return [*path_of(node.this), *_key(node.expressions[0])]
    if isinstance(node, exp.Identifier):
        return [node]
    if isinstance(node, exp.Star):
        return [MEMBERS]
    raise SelectError("ParseInvalidPathComponent", "A path consists of names, ['name'] and [number].")


def _key(key: exp.Expression) -> list[Step]:
    if isinstance(key, exp.Star):
        return [ELEMENTS]
    if isinstance(key, exp.Literal) and key.is_string:
        return [exp.to_identifier(key.this, quoted=True)]
    return [int(key.to_py())] if isinstance(key, exp.Literal) and key.is_int else path_of(None)
