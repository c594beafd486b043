"""What a change of an event's schema breaks.

An event outlives a deployment, in queues and in the archive, and publishers and consumers are not deployed in
one moment. So both ways have to work: who reads by the new schema gets events of the old one, and who counts
on the old one gets events of the new. What is left is a new field that nobody has to send.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

_NO_RULES = frozenset({"$schema", "title", "description", "definitions", "properties", "required"})


def breaks(before: Schema, after: Schema) -> list[str]:
    """Say what a consumer of one of two schemas of an event cannot read that is sent by the other.

    Args:
        before: The schema of the version before.
        after: The schema that takes its place.

    Returns:
        A reason for each; none if nothing breaks.
    """
    return list(_breaks("", _inlined(before, before), _inlined(after, after)))


def _breaks(where: str, before: Schema, after: Schema) -> Iterator[str]:
    old, new = before.get("properties", {}), after.get("properties", {})
    needed, needs = set(before.get("required", ())), set(after.get("required", ()))
    for name in sorted(old.keys() - new.keys()):
        yield f"{where}{name} was removed"
    for name in sorted(needs - needed):
        yield f"{where}{name} is required now: events of the version before lack it"
    for name in sorted(needed - needs):
        yield f"{where}{name} is no longer required: consumers of the version before need it"
    for name in sorted(old.keys() & new.keys()):
        if (where, name) == ("", "version"):
            gone = set(old[name]["enum"]) - set(new[name]["enum"])
            yield from (f"version {each} is no longer read" for each in sorted(gone))
        else:
            yield from _breaks(f"{where}{name}.", old[name], new[name])
    for rule in sorted((before.keys() | after.keys()) - _NO_RULES):
        if before.get(rule) != after.get(rule):
            path = where.removesuffix(".") or "the event"
            yield f"{path}: {rule} was {before.get(rule)!r} and is {after.get(rule)!r}"


def _inlined(part: Any, document: Schema) -> Any:
    """A schema with what it refers to in its place."""
    if isinstance(part, list):
        return [_inlined(each, document) for each in part]
    if not isinstance(part, Mapping):
        return part
    if "$ref" in part:
        return _inlined(document["definitions"][part["$ref"].removeprefix("#/definitions/")], document)
    return {name: _inlined(each, document) for name, each in part.items() if name != "definitions"}
