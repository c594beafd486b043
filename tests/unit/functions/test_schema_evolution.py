"""Data outlives its schema: dragons of every earlier schema are listed, changed and removed.

A table lives on while its schema grows, shrinks and widens. Its stream is delivered late, in pieces and
twice, under whatever schema is in force then; GET /dragons has to be the table all the same.
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from dragons.schemas import schema
from support.fakes import PARAMETERS, FakeS3
from support.strategies import texts

Typed = tuple[dict[str, Any], Any]
"""A value as DynamoDB has it, and as JSON has it."""

KEYS = ["dragon_name_str", "family_str"]

text_values = texts.map(lambda text: ({"S": text}, text))
values: dict[str, st.SearchStrategy[Typed]] = {
    "string": text_values,
    "number": st.one_of(
        st.integers(-(10**15), 10**15).map(lambda number: ({"N": str(number)}, number)),
        st.integers(-99, 99).map(lambda number: ({"N": f"{number}.5"}, float(f"{number}.5"))),
        st.just(({"N": "1E+30"}, 1e30)),
    ),
    "boolean": st.booleans().map(lambda flag: ({"BOOL": flag}, flag)),
    "null": st.just(({"NULL": True}, None)),
    "array": st.one_of(
        st.lists(text_values, max_size=3).map(
            lambda each: ({"L": [e[0] for e in each]}, [e[1] for e in each])
        ),
        st.lists(texts, min_size=1, max_size=3, unique=True).map(lambda each: ({"SS": each}, sorted(each))),
        st.lists(st.integers(0, 9), min_size=1, unique=True).map(
            lambda each: ({"NS": [str(e) for e in each]}, sorted(each))
        ),
    ),
    "object": st.dictionaries(texts, text_values, max_size=2).map(
        lambda each: ({"M": {k: e[0] for k, e in each.items()}}, {k: e[1] for k, e in each.items()})
    ),
}


class Evolution(RuleBasedStateMachine):
    """A table, the schemas that it has seen, and the part of its stream that is not delivered yet."""

    def __init__(self) -> None:
        super().__init__()
        self.schemas: list[dict[str, Any]] = [schema("dragon")]
        self.table: dict[str, dict[str, Typed]] = {}
        self.waiting: list[dict[str, Any]] = []
        self.records = 0
        self.s3 = FakeS3()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr("dragons.fields.schema", lambda _: self.schemas[-1])
        from list_dragons import handler as list_dragons
        from write_dataset import handler as write_dataset

        for handler in (write_dataset, list_dragons):
            self.patch.setattr(handler, "s3", self.s3)
            self.patch.setattr(handler, "parameters", PARAMETERS)
        self.list, self.write_batch = list_dragons.handler, write_dataset.handler

    # --- The schema --------------------------------------------------------------------------------

    def evolve(self, properties: Mapping[str, Any], required: list[str]) -> None:
        """Put a next version in force."""
        self.schemas.append(self.schemas[-1] | {"properties": dict(properties), "required": required})

    @rule(required=st.booleans(), kind=st.sampled_from(sorted(values)))
    def add_a_field(self, required: bool, kind: str) -> None:
        """Add a field; a name that was once another field's is not used again."""
        name, now = f"added_in_version_{len(self.schemas)}", self.schemas[-1]
        self.evolve(now["properties"] | {name: {"type": kind}}, now["required"] + [name] * required)

    @rule(data=st.data())
    def remove_a_field(self, data: st.DataObject) -> None:
        """Remove any field but the two that find a dragon."""
        now = self.schemas[-1]
        name = data.draw(st.sampled_from([*now["properties"], "none"]).filter(lambda each: each not in KEYS))
        rest = {field: rules for field, rules in now["properties"].items() if field != name}
        self.evolve(rest, [field for field in now["required"] if field != name])

    @rule(data=st.data(), kind=st.sampled_from(sorted(values)))
    def widen_a_type(self, data: st.DataObject, kind: str) -> None:
        """Allow a field another type besides those that it has."""
        now = self.schemas[-1]
        name = data.draw(st.sampled_from([*now["properties"]]))
        if name not in KEYS:
            wider = {"anyOf": [now["properties"][name], {"type": kind}]}
            self.evolve(now["properties"] | {name: wider}, now["required"])

    # --- The table ---------------------------------------------------------------------------------

    def write(self, name: str, item: dict[str, Typed] | None) -> None:
        """Change the table; DynamoDB writes a record only if something changed."""
        old = self.table.pop(name, None)
        if item is not None:
            self.table[name] = item
        if old != item:
            self.records += 1
            images = {"OldImage": old, "NewImage": item}
            found = {
                key: {field: typed for field, (typed, _) in image.items()}
                for key, image in images.items()
                if image is not None
            }
            self.waiting.append({"dynamodb": {"SequenceNumber": str(self.records), **found}})

    @rule(
        data=st.data(),
        name=st.sampled_from("abc"),
        family=st.sampled_from(["red", "blue"]),
        back=st.integers(0, 3),
    )
    def put(self, data: st.DataObject, name: str, family: str, back: int) -> None:
        """Write a dragon as the schema of now, or an earlier one, has it."""
        version = self.schemas[max(0, len(self.schemas) - 1 - back)]
        item = {"report_id": ({"S": "r"}, "r")} | dict(
            zip(KEYS, [({"S": t}, t) for t in (name, family)], strict=True)
        )
        for field, rules in version["properties"].items():
            if field not in KEYS and (field in version["required"] or data.draw(st.booleans())):
                item[field] = data.draw(_of(rules))
        self.write(name, item)

    @precondition(lambda self: self.table)
    @rule(data=st.data())
    def backfill(self, data: st.DataObject) -> None:
        """Set one field of a dragon, and leave the others as they are."""
        name = data.draw(st.sampled_from(sorted(self.table)))
        field = data.draw(
            st.sampled_from([f for f in self.schemas[-1]["properties"] if f not in KEYS] or ["own"])
        )
        value = data.draw(_of(self.schemas[-1]["properties"].get(field, {"type": "string"})))
        self.write(name, self.table[name] | {field: value})

    @precondition(lambda self: self.table)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        """Take a dragon off the record."""
        self.write(data.draw(st.sampled_from(sorted(self.table))), None)

    # --- The dataset -------------------------------------------------------------------------------

    @precondition(lambda self: self.waiting)
    @rule(size=st.integers(1, 6))
    def deliver(self, size: int) -> None:
        """Write a batch of the stream; the same batch again changes nothing."""
        batch, self.waiting = self.waiting[:size], self.waiting[size:]
        assert self.write_batch({"Records": batch}, None) == {"batchItemFailures": []}
        written = dict(self.s3.objects)
        assert self.write_batch({"Records": batch}, None) == {"batchItemFailures": []}
        assert self.s3.objects == written

    def teardown(self) -> None:
        """Deliver what is left, and compare what is listed with the table."""
        try:
            while self.waiting:
                self.deliver(6)
            answer = self.list({"queryStringParameters": None}, None)
            listed = {each["dragon_name_str"]: each for each in json.loads(answer["body"])["dragons"]}
            fields = self.schemas[-1]["properties"]
            assert listed == {
                name: {field: item[field][1] for field in fields if field in item}
                for name, item in self.table.items()
            }
        finally:
            self.patch.undo()


def _of(rules: dict[str, Any]) -> st.SearchStrategy[Typed]:
    if "anyOf" in rules:
        return st.one_of([_of(each) for each in rules["anyOf"]])
    return values[rules["type"]]


def test_however_the_schema_evolves_the_list_is_the_table() -> None:
    run_state_machine_as_test(Evolution, settings=settings(stateful_step_count=25))
