"""A change of an event breaks no consumer of the version before, and every change is another version."""

import copy
import json
from collections.abc import Callable
from itertools import pairwise, product
from typing import Any

import jsonschema
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contract import event_schemas
from contract.compatibility import breaks
from dragons.events import TYPES, VERSION
from dragons.schemas import event_schema

Schema = dict[str, Any]


REMEDY = (
    "tell what is new by an optional field, or by a detail type of its own beside this one. When no "
    "environment's queues and archive have the version before any more, take it from the `version` of every "
    "schema and delete its folder in terraform/system/messaging/schemas"
)


def test_every_version_can_take_the_place_of_the_one_before() -> None:
    for before, after in pairwise(event_schemas.history()):
        broken = [f"{name} is gone" for name in before.keys() - after.keys()]
        for name in before.keys() & after.keys():
            broken += [f"{name}: {reason}" for reason in breaks(before[name], after[name])]
        assert not broken, "\n".join([*broken, REMEDY])


def test_the_published_schemas_are_those_that_publishers_and_consumers_use() -> None:
    newest = event_schemas.newest()
    assert not event_schemas.changed(), event_schemas.REMEDY.format(version=newest)
    assert event_schemas.published(newest) == event_schemas.current(), "did you run `make contract`?"


@pytest.mark.parametrize("detail_type", TYPES)
def test_consumers_read_every_published_version_and_what_is_put(detail_type: str) -> None:
    folders = sorted(int(folder.name) for folder in event_schemas.PATH.iterdir())
    assert event_schemas.versions(detail_type) == folders
    assert VERSION in folders


def test_a_published_schema_is_not_written_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(event_schemas, "PATH", tmp_path)
    event_schemas.publish()
    assert event_schemas.published(event_schemas.newest()) == event_schemas.current()
    [*_, last] = sorted((tmp_path / str(event_schemas.newest())).iterdir())
    last.write_text("{}\n")
    with pytest.raises(SystemExit, match=rf"{last.stem} changed: add the next version"):
        event_schemas.publish()
    assert last.read_text() == "{}\n"


PARTS: dict[str, Callable[[Schema], Schema]] = {
    "event": lambda schema: schema,
    "dragon": lambda schema: schema.get("definitions", {}).get("Dragon", schema),
}


def first(part: Schema) -> str:
    """A field of a part that is there in every event: not the version, whose rule is another."""
    return str(min(set(part["required"]) - {"version"}))


BREAKING: dict[str, Callable[[Schema], Any]] = {
    "a required field is added": lambda part: (
        part["properties"].update(added={"type": "string"}),
        part["required"].append("added"),
    ),
    "a required field is removed": lambda part: (
        part["properties"].pop(name := first(part)),
        part["required"].remove(name),
    ),
    "a required field becomes optional": lambda part: part["required"].remove(first(part)),
    "a type is changed": lambda part: part["properties"].update({first(part): {"type": "number"}}),
    "a type is widened": lambda part: part["properties"][first(part)].update(type=["string", "null"]),
    "a text is bounded": lambda part: part["properties"][first(part)].update(maxLength=3),
    "a text may be anything": lambda part: part["properties"].update({first(part): {}}),
    "a text becomes one of a few": lambda part: part["properties"][first(part)].update(enum=["red"]),
    "a text gets a pattern": lambda part: part["properties"][first(part)].update(pattern="^r"),
    "unknown fields are allowed": lambda part: part.pop("additionalProperties"),
}
HARMLESS: dict[str, Callable[[Schema], Any]] = {
    "a title and a description": lambda part: part.update(title="Another", description="In other words."),
    "an optional field": lambda part: part["properties"].update(optional={"type": "string"}),
    "an optional object": lambda part: part["properties"].update(
        place={"type": "object", "required": ["x"], "properties": {"x": {"type": "string"}}}
    ),
    "another order": lambda part: part["required"].reverse(),
}


@pytest.mark.parametrize("kind", BREAKING)
def test_each_kind_of_change_that_breaks_a_consumer_is_noticed(kind: str) -> None:
    for detail_type, part in product(TYPES, PARTS.values()):
        before = event_schema(detail_type)
        after = copy.deepcopy(before)
        BREAKING[kind](part(after))
        assert breaks(before, after), (detail_type, part)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ({"enum": ["a", "b"]}, {"enum": ["a"]}, "the event: enum was ['a', 'b'] and is ['a']"),
        ({"properties": {"x": {}}}, {"properties": {}}, "x was removed"),
        ({"properties": {"x": {}}}, {"properties": {"x": {}}, "required": ["x"]}, "x is required now"),
        (
            {"properties": {"x": {"properties": {"y": {"type": "string"}}}}},
            {"properties": {"x": {"properties": {"y": {"type": "number"}}}}},
            "x.y: type was 'string' and is 'number'",
        ),
        (
            {"properties": {"version": {"enum": [1]}}},
            {"properties": {"version": {"enum": [2]}}},
            "version 1 is no longer read",
        ),
        (
            {
                "properties": {"x": {"anyOf": [{"$ref": "#/definitions/X"}]}},
                "definitions": {"X": {"enum": [1]}},
            },
            {
                "properties": {"x": {"anyOf": [{"$ref": "#/definitions/X"}]}},
                "definitions": {"X": {"enum": [2]}},
            },
            "x: anyOf was",
        ),
    ],
)
def test_it_says_what_breaks(before: Schema, after: Schema, reason: str) -> None:
    [found] = breaks(before, after)
    assert found.startswith(reason)


def test_another_version_may_be_read_too() -> None:
    before = event_schema("DragonAdded")
    after = copy.deepcopy(before)
    after["properties"]["version"]["enum"].append(99)
    assert not breaks(before, after)
    assert breaks(after, before) == ["version 99 is no longer read"]


def documents(schema: Schema, definitions: Schema) -> st.SearchStrategy[Any]:
    """What a schema of the kind that events have allows."""
    if "$ref" in schema:
        return documents(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "properties" in schema:
        fields = {name: documents(each, definitions) for name, each in schema["properties"].items()}
        required = {name: fields.pop(name) for name in schema.get("required", ())}
        return st.fixed_dictionaries(required, optional=fields)
    if schema.get("type") == ["string", "null"]:
        return st.none() | st.text(max_size=4)
    if schema.get("type") in ("integer", "number"):
        return st.integers(min_value=schema.get("minimum"))
    least, most = schema.get("minLength", 0), schema.get("maxLength", 8)
    return st.text(min_size=least, max_size=min(most, least + 4)).map(
        lambda text: f"r{text}"[:most] if "pattern" in schema else text
    )


def reader(schema: Schema) -> jsonschema.Draft4Validator:
    """A consumer that reads by a schema, and leaves out what it does not know."""
    tolerant = json.loads(json.dumps(schema), object_hook=lambda part: part | {"additionalProperties": True})
    return jsonschema.Draft4Validator(tolerant)


@given(
    st.sampled_from(sorted(TYPES)),
    st.lists(st.sampled_from(sorted({**BREAKING, **HARMLESS})), min_size=1, max_size=3, unique=True),
    st.sampled_from(sorted(PARTS)),
    st.data(),
)
def test_where_nothing_breaks_each_reads_the_others_events(
    detail_type: str, kinds: list[str], part: str, data: st.DataObject
) -> None:
    before = event_schema(detail_type)
    changes = [(BREAKING | HARMLESS)[kind] for kind in kinds]
    after = copy.deepcopy(before)
    try:
        for change in changes:
            change(PARTS[part](after))
    except (KeyError, ValueError):
        assume(False)  # two changes that exclude each other
    told = data.draw(documents(before, before.get("definitions", {})))
    will_be_told = data.draw(documents(after, after.get("definitions", {})))
    if not breaks(before, after):
        assert jsonschema.Draft4Validator(after).is_valid(told)
        assert reader(before).is_valid(will_be_told)
    else:
        assert set(kinds) & set(BREAKING)
