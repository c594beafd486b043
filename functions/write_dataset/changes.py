"""What a batch of the table's stream changes in the dataset."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dragons.fields import RECORD_NAMES, Dragon


@dataclass
class Changes:
    """The changes of one batch, up to the first record that cannot be read.

    Attributes:
        gone: Dragons as they were before a record removed or replaced them.
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
        sequence_number = record["dynamodb"]["SequenceNumber"]
        try:
            old = _dragon(record["dynamodb"].get("OldImage"))
            new = _dragon(record["dynamodb"].get("NewImage"))
        except (KeyError, TypeError) as error:
            changes.failed_at = sequence_number
            changes.reason = f"not a dragon, attribute {error} is missing or no string"
            return changes
        if old is not None:
            changes.gone.append(old)
            changes.arrived.pop(old["dragon_name_str"], None)
        if new is not None:
            changes.arrived[new["dragon_name_str"]] = new
            changes.first.setdefault(new["family_str"], sequence_number)
    return changes


def _dragon(image: Mapping[str, Mapping[str, str]] | None) -> Dragon | None:
    """Take the seven fields out of an item, leaving the record's own such as `report_id`."""
    if image is None:
        return None
    return {name: image[name]["S"] for name in RECORD_NAMES.values()}
