"""Reads Terraform's text, as `terraform fmt` writes it: which arguments each kind of resource is given."""

import re
from collections.abc import Iterator

_BLOCK = re.compile(r'(?P<word>\w+)(?P<labels>(?: "[^"]*")*) \{$')
_ARGUMENT = re.compile(r"(?P<name>\w+) += (?P<value>.*)")
_EMPTY = re.compile(r"(?P<word>\w+) \{\}$")
_TEXT = re.compile(r'"(?:\\.|[^"\\])*"')
_META = {"count", "depends_on", "for_each", "lifecycle", "provider"}


def arguments(text: str) -> dict[str, list[set[str]]]:
    """The arguments of each block of a provider, a resource or a data source.

    Args:
        text: A file of Terraform's.

    Returns:
        By `provider.aws`, `aws_s3_bucket` or `data.aws_partition`, for each such block its arguments and
        nested blocks, by their paths, such as `rule.status`. What is inside a value is not among them.
    """
    found: dict[str, list[set[str]]] = {}
    lines = _lines(text)
    for line in lines:
        block = _BLOCK.match(line)
        labels = re.findall(r'"([^"]*)"', block["labels"]) if block else []
        kind = (
            {"provider": "provider.", "resource": "", "data": "data."}.get(block["word"]) if block else None
        )
        inside = set(_inside(lines, "")) if line.endswith("{") else set()
        if kind is not None and labels:
            found.setdefault(kind + labels[0], []).append(inside)
    return found


def _lines(text: str) -> Iterator[str]:
    """The lines without comments, blanks at either end, and what brackets go on to."""
    depth, begun = 0, ""
    for raw in text.splitlines():
        line = re.sub(r"(^|\s)(#|//).*", "", _TEXT.sub(_hidden, raw)).strip()
        shown = raw.strip()[: len(line)]
        opens = sum(line.count(each) for each in "([{") - sum(line.count(each) for each in ")]}")
        if depth == 0 and _ARGUMENT.match(line) and opens > 0:
            begun, depth = shown, opens
        elif depth > 0:
            depth += opens
            if depth == 0:
                yield begun
        elif line:
            yield shown


def _hidden(match: re.Match[str]) -> str:
    """A text of the same length in which nothing is a bracket or a comment."""
    return '"' + "x" * (len(match[0]) - 2) + '"'


def _inside(lines: Iterator[str], path: str) -> Iterator[str]:
    """The paths of what is in the block whose first line was read, up to its last."""
    for line in lines:
        if line == "}":
            return
        if block := _BLOCK.match(line):
            labels = re.findall(r'"([^"]*)"', block["labels"])
            name = labels[0] if block["word"] == "dynamic" else block["word"]
            if name in _META and not path:
                list(_inside(lines, path))
                continue
            # what a dynamic block repeats is in its `content`
            below = path if name == "content" else f"{path}{name}."
            inner = list(_inside(lines, below))
            yield from ([below.removesuffix(".")] if name != "content" else [])
            yield from (each for each in inner if block["word"] != "dynamic" or each != f"{below}for_each")
        elif empty := _EMPTY.match(line):
            yield path + empty["word"]
        elif (argument := _ARGUMENT.match(line)) and (path or argument["name"] not in _META):
            yield path + argument["name"]
