"""Dragons that are older than the schema: listed with the fields that they have, changed, and removed."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support.system import Api, poll

Put = Callable[..., None]
"""Writes an item with a name, as an earlier release did."""


@pytest.fixture
def name() -> str:
    """A dragon's name."""
    return f"e2e-{uuid.uuid4()}"


@pytest.fixture
def put(name: str, outputs: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[Put]:
    """Write the dragon; it leaves the table when the test ends."""
    table, where = aws("dynamodb"), outputs["dragons_table"]
    yield lambda **fields: table.put_item(TableName=where, Item={"dragon_name_str": {"S": name}} | fields)
    table.delete_item(TableName=where, Key={"dragon_name_str": {"S": name}})


def test_a_dragon_with_fewer_fields_and_other_types_is_listed_changed_and_removed(
    name: str, put: Put, api: Api, outputs: dict[str, Any], aws: Callable[[str], Any]
) -> None:
    family = f"e2e-{uuid.uuid4()}"

    def lists(wanted: dict[str, Any], **query: str) -> None:
        poll(lambda: True if api.listed(**query) == [wanted] else None, f"{wanted} to be listed")

    early = {"dragon_name_str": name, "family_str": family}
    put(family_str={"S": family}, wingspan={"N": "7"})
    lists(early, family=family)
    aws("dynamodb").update_item(  # a backfill of one field, in a type that it once had
        TableName=outputs["dragons_table"],
        Key={"dragon_name_str": {"S": name}},
        UpdateExpression="SET location_city_str = :city",
        ExpressionAttributeValues={":city": {"N": "7"}},
    )
    lists(early | {"location_city_str": 7}, family=family)
    lists(early | {"location_city_str": 7}, dragonName=name, city="7")
    put(family_str={"S": f"{family}-2"})
    lists(early | {"family_str": f"{family}-2"}, family=f"{family}-2")
    lists(early | {"family_str": f"{family}-2"}, dragonName=name)
    assert api.listed(family=family) == []
