"""What a record of the table's stream tells of a dragon."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dragons.events import DragonAdded, DragonChanged, DragonRemoved
from dragons.fields import Dragon
from dragons.images import Image, read_dragon
from dragons.journal import DragonEvent


def happening(record: Mapping[str, Any]) -> DragonEvent | None:
    """Read a record.

    Args:
        record: One of a DynamoDB stream with new and old images.

    Returns:
        What happened to a dragon; none if nothing that is announced changed, such as the `report_id`.

    Raises:
        ValueError: The new image is not a dragon.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
    """
    images = record["dynamodb"]
    before, dragon = _announced(images.get("OldImage")), read_dragon(images.get("NewImage"))
    # both are of the record, so that a retry tells the same
    identity, at = record["eventID"], _time(images["ApproximateCreationDateTime"])
    if before == dragon:
        return None
    if dragon is None:
        return DragonRemoved(identity, at, before or {})
    if before is None:
        return DragonAdded(identity, at, dragon)
    return DragonChanged(identity, at, before, dragon)


def _announced(image: Image | None) -> Dragon | None:
    """Read an old image; what was not a dragon was never announced."""
    try:
        return read_dragon(image)
    except ValueError:
        return None


def _time(epoch_seconds: float) -> str:
    return datetime.fromtimestamp(epoch_seconds, UTC).isoformat(timespec="milliseconds")
