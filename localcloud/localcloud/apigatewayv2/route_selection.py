"""Selects the route of a request.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html

A full match comes before one of a greedy variable, which comes before `$default`. Where several are left,
text comes before a variable, segment by segment, and a verb before ANY, as that page's examples show. A
variable stands for at least one character. The path is split before it is decoded: `%2F` is in a segment.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

DEFAULT_ROUTE = "$default"


class Selected(NamedTuple):
    """A route and what its path's variables stand for."""

    route: Mapping[str, Any]
    path_parameters: dict[str, str]


class _Candidate(NamedTuple):
    """A route that matches; the lower its rank, the better."""

    rank: tuple[bool, tuple[int, ...], bool]
    selected: Selected


def select_route(routes: Iterable[Mapping[str, Any]], method: str, path: str) -> Selected | None:
    """Select the best match.

    Args:
        routes: The API's routes; `routeKey` is `<verb or ANY> <path>` or `$default`.
        method: The request's verb.
        path: The request's path as received, without a stage.

    Returns:
        Selected | None: None if no route matches.
    """
    segments = path.split("/")[1:]
    candidates = []
    for route in routes:
        if route["routeKey"] == DEFAULT_ROUTE:
            candidates.append(_Candidate((True, (3,), True), Selected(route, {})))
            continue
        verb, _, template = route["routeKey"].partition(" ")
        match = _match(template.split("/")[1:], segments) if verb in (method, "ANY") else None
        if match is not None:
            ranks, variables = match
            candidates.append(_Candidate((2 in ranks, ranks, verb == "ANY"), Selected(route, variables)))
    return min(candidates, key=lambda candidate: candidate.rank).selected if candidates else None


def _match(template: list[str], segments: list[str]) -> tuple[tuple[int, ...], dict[str, str]] | None:
    """How specific each segment of the template is (0 text, 1 variable, 2 greedy), and the variables."""
    ranks: list[int] = []
    variables: dict[str, str] = {}
    for position, part in enumerate(template):
        rest = segments[position:]
        if part.startswith("{") and part.endswith("+}"):
            value = unquote("/".join(rest))
            variables[part[1:-2]] = value
            return ((*ranks, 2), variables) if value else None
        if not rest:
            return None
        value = unquote(rest[0])
        if part.startswith("{") and part.endswith("}") and value:
            variables[part[1:-1]] = value
            ranks.append(1)
        elif part == value:
            ranks.append(0)
        else:
            return None
    return (tuple(ranks), variables) if len(template) == len(segments) else None
