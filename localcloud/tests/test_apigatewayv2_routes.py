"""Which route of an HTTP API a request takes."""

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.apigatewayv2.route_selection import select_route

parts = st.sampled_from(["a", "b", "{x}", "{y}"])
templates = st.tuples(st.lists(parts, max_size=3), st.sampled_from([[], ["{rest+}"]])).map(
    lambda halves: halves[0] + halves[1] or [""]
)
keys = st.one_of(
    st.just("$default"),
    st.tuples(st.sampled_from(["GET", "POST", "ANY"]), templates).map(
        lambda pair: f"{pair[0]} /{'/'.join(pair[1])}"
    ),
)
paths = st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=1, max_size=4)


def select(keys: list[str], method: str, path: str) -> Any:
    return select_route([{"routeKey": key} for key in keys], method, path)


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/pets/dog/1", "GET /pets/dog/1"),
        ("GET", "/pets/dog/2", "GET /pets/dog/{id}"),
        ("GET", "/pets/cat/1", "GET /pets/{proxy+}"),
        ("POST", "/test/5", "ANY /{proxy+}"),
        ("POST", "/pets/dog/1", "ANY /{proxy+}"),
        ("GET", "/", "$default"),
    ],
)
def test_the_examples_of_the_documentation(method: str, path: str, expected: str) -> None:
    keys = ["$default", "ANY /{proxy+}", "GET /pets/{proxy+}", "GET /pets/dog/{id}", "GET /pets/dog/1"]

    assert select(keys, method, path).route["routeKey"] == expected


@given(st.lists(keys, max_size=6, unique=True), st.sampled_from(["GET", "POST"]), paths)
def test_nothing_that_matches_is_better_than_what_is_selected(
    keys: list[str], method: str, segments: list[str]
) -> None:
    found = select(keys, method, "/" + "/".join(segments))

    matching = [key for key in keys if matches(key, method, segments)]
    assert (found is None) == (not matching)
    if found:
        selected = found.route["routeKey"]
        assert selected in matching
        assert not any(is_better(key, selected) for key in matching)


def matches(key: str, method: str, segments: list[str]) -> bool:
    """The simple model: what a route's key says, read word by word."""
    if key == "$default":
        return True
    verb, template = key.split(" ")
    wanted = template[1:].split("/")
    if verb not in ("ANY", method):
        return False
    if wanted[-1] == "{rest+}":
        head, tail = wanted[:-1], segments[len(wanted) - 1 :]
        if "/".join(tail) == "":
            return False
        wanted, segments = head, segments[: len(head)]
    pairs = list(zip(wanted, segments, strict=False))
    return len(wanted) == len(segments) and all(
        bool(have) if want.startswith("{") else want == have for want, have in pairs
    )


def is_better(one: str, other: str) -> bool:
    """A full match, a greedy one, `$default`; among equals text before variables, then a verb before ANY."""
    first, second = (kind(key) for key in (one, other))
    if first != second or one == "$default":
        return first < second
    (verb, path), (other_verb, other_path) = one.split(" "), other.split(" ")
    for want, otherwise in zip(path.split("/"), other_path.split("/"), strict=False):
        if want.startswith("{") != otherwise.startswith("{"):
            return otherwise.startswith("{")
        if want.endswith("+}") != otherwise.endswith("+}"):
            return otherwise.endswith("+}")
    return other_verb == "ANY" and verb != "ANY"


def kind(key: str) -> int:
    return 2 if key == "$default" else int("+}" in key)


@given(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8"), min_size=1))
def test_variables_are_decoded_once(first: str, rest: str) -> None:
    path = f"/pets/{quote(first, safe='')}/{quote(rest)}"

    found = select(["GET /pets/{id}/{proxy+}"], "GET", path)

    assert found.path_parameters == {"id": first, "proxy": rest}
