"""Dragons as the table's stream has them."""

from collections.abc import Mapping
from typing import Any

from dragons.attributes import plain
from dragons.fields import Dragon, dragon_fields

KEYS = ("dragon_name_str", "family_str")
"""What finds a dragon, and so all that it cannot do without."""

Image = Mapping[str, Mapping[str, Any]]
"""An item by its attributes, each `{type: content}`."""


def read_dragon(image: Image | None) -> Dragon | None:
    """Take those fields of the schema that an item has, leaving the record's own such as `report_id`.

    Returns:
        The dragon; none if there is no image.

    Raises:
        ValueError: The item has no name, or no family.
    """
    if image is None:
        return None
    return {name: plain(image[name]) for name in dragon_fields() if name in image} | keys_of(image)


def keys_of(image: Image) -> Dragon:
    """Take a dragon's name and family.

    Raises:
        ValueError: One of them is missing, or no string.
    """
    for name in KEYS:
        if "S" not in image.get(name, {}):
            raise ValueError(f"not a dragon: {name} is missing or no string")
    return {name: image[name]["S"] for name in KEYS}
