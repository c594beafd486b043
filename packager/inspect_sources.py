"""Compiles sources, and tells what they name: a script that the target's own Python runs, alone.

`python3.13 -I -S -B inspect_sources.py`; the job comes on the standard input, the findings go to the standard
output, both as `marshal` has them. Nothing is imported that is not built in: that would take longer than the
work.
"""

from __future__ import annotations

import _ast
import _imp
import marshal
import sys
from _frozen_importlib_external import MAGIC_NUMBER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Findings = tuple[bytes, str, list[str], list[int], str, list[str], bool, list[tuple[int, str]]]

_UNCHECKED_HASH = (0b01).to_bytes(4, "little")
_MARSHAL = 2  # which every Python reads
_MAKERS = ("client", "client_creator", "resource")
"""What functions that make clients of AWS are called, or what their names end with behind a `_`."""

_MARKS, _UTF_16 = (b"\xff\xfe", b"\xfe\xff"), "; it is UTF-16 text, save it as UTF-8"

_FUNCTIONS = (_ast.FunctionDef, _ast.AsyncFunctionDef, _ast.Lambda)
_IMPORTS = (_ast.Import, _ast.ImportFrom)


def inspect(source: bytes, filename: str, compiles: bool) -> Findings:
    """Inspect one file.

    Args:
        source: Its content.
        filename: What tracebacks are to call it.
        compiles: Whether this is the Python that will run it.

    Returns:
        The `.pyc` (PEP 552, unchecked hash), or nothing; what is wrong with it; the services that it names as
        clients of AWS; the lines where it names one that only shows when it runs; what runs when it is
        imported, as text; the modules that it imports later; whether it binds the name `handler`; and the
        lines where it imports what is not Python's own, with the first name of each module.
    """
    try:
        tree = compile(source, filename, "exec", _ast.PyCF_ONLY_AST, dont_inherit=True)
        pyc = _compiled(source, filename) if compiles else b""
    except SyntaxError as error:
        where = f"line {error.lineno}: " if error.lineno else ""
        return b"", f"{where}{error.msg}{_UTF_16 * source.startswith(_MARKS)}", [], [], "", [], False, []
    except (ValueError, RecursionError) as error:
        return b"", str(error), [], [], "", [], False, []
    named, unnamed = _services(tree)
    binds = "handler" in _bound(tree)
    return pyc, "", named, unnamed, _at_import(tree), sorted(_later(tree)), binds, _others(tree)


def _compiled(source: bytes, filename: str) -> bytes:
    code = compile(source, filename, "exec", dont_inherit=True, optimize=0)
    digest = _imp.source_hash(int.from_bytes(MAGIC_NUMBER, "little"), source)
    return MAGIC_NUMBER + _UNCHECKED_HASH + digest + marshal.dumps(code)


def _services(tree: Any) -> tuple[list[str], list[int]]:
    """The services of `client("s3")` and its like, and the lines of those that are no text."""
    named: set[str] = set()
    unnamed: set[int] = set()
    for node in _walk(tree):
        if isinstance(node, _ast.Call) and _is_maker(node.func):
            given = [each.value for each in node.keywords if each.arg == "service_name"] + node.args[:2]
            texts = [each.value for each in given if isinstance(each, _ast.Constant)]
            named.update(text for text in texts[:1] if isinstance(text, str))
            if given and not texts:
                unnamed.add(node.lineno)
    return sorted(named), sorted(unnamed)


def _is_maker(function: Any) -> bool:
    name: str = getattr(function, "attr", "") or getattr(function, "id", "")
    return name in _MAKERS or name.endswith(tuple(f"_{each}" for each in _MAKERS))


def _at_import(node: Any) -> str:
    """What of a tree runs when it is imported, and every import that may run later."""
    if isinstance(node, list):
        return "".join(map(_at_import, node))
    if not isinstance(node, _ast.AST):
        return repr(node)
    if isinstance(node, _ast.Expr) and isinstance(node.value, _ast.Constant):
        return ""  # documentation
    fields = [name for name in node._fields if not (isinstance(node, _FUNCTIONS) and name == "body")]
    text = f"{type(node).__name__}({','.join(_at_import(getattr(node, name, None)) for name in fields)})"
    if isinstance(node, _FUNCTIONS):
        text += "".join(_at_import(each) for each in _walk(node.body) if isinstance(each, _IMPORTS))
    return text


def _later(tree: Any) -> set[str]:
    """The modules that functions import when they run, but for those that they can do without."""
    names: set[str] = set()
    left: list[Any] = [each.body for each in _walk(tree) if isinstance(each, _FUNCTIONS)]
    while left:
        node = left.pop()
        if isinstance(node, list):
            left += node
        elif isinstance(node, _ast.Import):
            names.update(each.name for each in node.names)
        elif isinstance(node, _ast.ImportFrom):
            names.update([node.module] if node.module and not node.level else [])
        elif isinstance(node, _ast.AST) and not isinstance(node, _ast.Try):
            left += [getattr(node, name, None) for name in node._fields]
    return names


def _others(tree: Any) -> list[tuple[int, str]]:
    """The lines of imports of what is not Python's own, and the first name of each module."""
    found: set[tuple[int, str]] = set()
    for node in _walk(tree):
        if isinstance(node, _ast.Import):
            found.update((node.lineno, each.name.partition(".")[0]) for each in node.names)
        elif isinstance(node, _ast.ImportFrom) and node.module and not node.level:
            found.add((node.lineno, node.module.partition(".")[0]))
    return sorted(each for each in found if each[1] not in sys.stdlib_module_names)


def _bound(tree: Any) -> set[str]:
    """The names that a module's own statements bind."""
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, _ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, _ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, _ast.Name))
        elif isinstance(node, _ast.AnnAssign) and node.value and isinstance(node.target, _ast.Name):
            names.add(node.target.id)
        elif isinstance(node, _ast.ImportFrom):
            names.update(each.asname or each.name for each in node.names)
    return names


def _walk(node: Any) -> Iterator[Any]:
    left = [node]
    while left:
        each = left.pop()
        if isinstance(each, list):
            left += each
        elif isinstance(each, _ast.AST):
            yield each
            left += [getattr(each, name, None) for name in each._fields]


if __name__ == "__main__":
    compiles, sources = marshal.loads(sys.stdin.buffer.read())  # noqa: S302 - our own parent wrote it
    findings = [inspect(source, filename, compiles) for source, filename in sources]
    sys.stdout.buffer.write(marshal.dumps(findings, _MARSHAL))
