"""The names of a dragon's fields: those of a report, which callers use, and those of the record."""

RECORD_NAMES = {
    "dragonName": "dragon_name_str",
    "description": "description_str",
    "family": "family_str",
    "city": "location_city_str",
    "country": "location_country_str",
    "state": "location_state_str",
    "neighborhood": "location_neighborhood_str",
}

Dragon = dict[str, str]
"""A dragon on record: the seven fields of `schemas/dragon.json`."""
