"""The names of a dragon's fields: those of a report, which callers use, and those of the record."""

from typing import Any

from dragons.schemas import schema

RECORD_NAMES = {
    "dragonName": "dragon_name_str",
    "description": "description_str",
    "family": "family_str",
    "city": "location_city_str",
    "country": "location_country_str",
    "state": "location_state_str",
    "neighborhood": "location_neighborhood_str",
}

Dragon = dict[str, Any]
"""A dragon on record, as JSON: a name and a family, both text, and those of its other fields that it has."""


def dragon_fields() -> tuple[str, ...]:
    """The fields of a dragon, in the order of `schemas/dragon.json`.

    What is on record may be older than the schema, so code counts on the name and the family alone, whatever
    else the schema requires by now.
    """
    return tuple(schema("dragon")["properties"])
