"""Checks that Lambda will find the function's handler."""

import ast
import sys

FILE = "handler.py"
NAME = "handler"


def problem_with_handler(source: bytes, python: str) -> str | None:
    """Say what is wrong with the source of a handler.py; None if Lambda will find `handler` in it.

    Args:
        source: the file's content.
        python: the minor version that will run it, such as `3.13`.
    """
    try:
        module = ast.parse(source)
    except SyntaxError as error:
        if sys.version_info < tuple(map(int, python.split("."))):
            return None  # syntax that is newer than the Python at hand: no judgement
        return f"line {error.lineno}: {error.msg}; correct it"
    except ValueError as error:
        return f"{error}; correct it"
    if any(NAME in _names(statement) for statement in module.body):
        return None
    return f"no function `{NAME}`; define `def {NAME}(event, context)` at its top level"


def _names(statement: ast.stmt) -> set[str]:
    """The names that a statement of a module binds."""
    match statement:
        case ast.FunctionDef(name=name):
            return {name}
        case ast.Assign(targets=targets):
            return {target.id for target in targets if isinstance(target, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return {name}
        case ast.ImportFrom(names=aliases):
            return {alias.asname or alias.name for alias in aliases}
        case _:
            return set()
