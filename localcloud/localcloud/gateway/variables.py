"""Looks up the values that expressions name: `$context.identity.sourceIp`, `method.request.header.x`."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

type Lookup[Value] = Callable[[str], Value]
"""Gives the value of a name; None where it has none."""


def at_path(variables: Any, path: str) -> Any:
    """The value at a path such as `identity.sourceIp` of nested mappings; None if there is none."""
    for name in path.split("."):
        variables = variables.get(name) if isinstance(variables, Mapping) else None
    return variables


def lookup_by_prefix[Value](sources: Mapping[str, Lookup[Value]]) -> Lookup[Value | None]:
    """Look names up in the source of the first prefix that fits, without the prefix."""

    def lookup(expression: str) -> Value | None:
        for prefix, source in sources.items():
            if expression.startswith(prefix):
                return source(expression.removeprefix(prefix))
        return None

    return lookup


def read_all(expressions: Iterable[str], read: Lookup[Any]) -> tuple[str, ...] | None:
    """The values of an authorizer's identity sources; None if any is absent or empty."""
    values = [read(expression) for expression in expressions]
    return tuple(map(str, values)) if all(values) else None
