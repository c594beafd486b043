"""What a batch of the table's stream changes in the dataset."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dragons.fields import Dragon
from dragons.images import Image, keys_of, read_dragon


@dataclass
class Changes:
    """The changes of one batch, up to the first record whose new image is not a dragon.

    Attributes:
        gone: The names and families of dragons as they were before a record removed or replaced them.
        arrived: The dragons that the batch leaves on record, by name.
        first: Family to the sequence number of the first record that put a dragon into it, even if a later
            one took it out again: it names the family's object, and a retry that is cut elsewhere, or
            grew, finds the same name.
        failed_at: The sequence number of the first unreadable record; none if there is none.
        reason: What is wrong with that record.
    """

    gone: list[Dragon] = field(default_factory=list)
    arrived: dict[str, Dragon] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)
    failed_at: str | None = None
    reason: str = ""

    def of_family(self, family: str) -> list[Dragon]:
        """The arrived dragons of a family; it may have none left."""
        return [dragon for dragon in self.arrived.values() if dragon["family_str"] == family]


def read_changes(records: Iterable[Mapping[str, Any]]) -> Changes:
    """Sum up a batch, in order: of each dragon, what counts is how it is at the end.

    Args:
        records: Records of a DynamoDB stream with new and old images.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
    """
    changes = Changes()
    for record in records:
        images = record["dynamodb"]
        if old := _listed(images.get("OldImage")):
            changes.gone.append(old)
            changes.arrived.pop(old["dragon_name_str"], None)
        try:
            new = read_dragon(images.get("NewImage"))
        except ValueError as error:
            changes.failed_at, changes.reason = images["SequenceNumber"], str(error)
            return changes
        if new is not None:
            changes.arrived[new["dragon_name_str"]] = new
            changes.first.setdefault(new["family_str"], images["SequenceNumber"])
    return changes


def _listed(image: Image | None) -> Dragon | None:
    """Take out of an old image what finds the dragon in the dataset, and nothing else.

    Its other fields may be those of an older schema. Without a name or a family it was never listed, so there
    is nothing to take out.
    """
    try:
        return None if image is None else keys_of(image)
    except ValueError:
        return None
