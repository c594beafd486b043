"""How an event shifts the tallies."""

from collections import Counter

from dragons import registry
from dragons.events import DragonAdded, DragonChanged, DragonRemoved, Event
from dragons.fields import Dragon

TALLIED = {"family": "family_str", "country": "location_country_str"}
"""What is counted by, and the field that has it; besides, all dragons are counted in one."""


def shifts(event: Event) -> dict[str, int]:
    """Read off an event what the tallies gain and lose.

    Returns:
        The tallies that shift, such as `family#red`, and by how many dragons.
    """
    total: Counter[str] = Counter()
    match event:
        case DragonAdded(dragon=dragon):
            total.update(_tallies(dragon))
        case DragonChanged(before=before, dragon=dragon):
            total.update(_tallies(dragon))
            total.subtract(_tallies(before))
        case DragonRemoved(dragon=dragon):
            total.subtract(_tallies(dragon))
    return {tally: dragons for tally, dragons in total.items() if dragons}


def _tallies(dragon: Dragon) -> list[str]:
    """The tallies that count a dragon; of one that is older than the schema, the country may be no text."""
    return [
        registry.TALLY,
        *(f"{kind}#{dragon[field]}" for kind, field in TALLIED.items() if isinstance(dragon.get(field), str)),
    ]
