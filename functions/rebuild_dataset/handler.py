"""The dataset anew from the table, a family at a time."""

from collections.abc import Mapping
from typing import Any

import boto3

from dragons import config, tracing
from dragons.parameters import Parameters
from rebuild_dataset.record import Record
from rebuild_dataset.repair import Repair
from rebuild_dataset.settings import Settings

tracing.enable()
settings = config.load(Settings)
record = Record(boto3.client("dynamodb"), settings.dragons_table, settings.family_index)
s3 = boto3.client("s3")
parameters = Parameters(
    boto3.client("ssm"), settings.dataset_bucket_parameter, settings.dataset_prefix_parameter
)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Do one step of a rebuild.

    Args:
        event: `{"list": {"after": ...}}` asks for some families on record, and where to go on.
            `{"family": "red", "at": "..."}` has the stream tell of what is missing.
            `{"folder": "dragons/family_str=red/"}` takes away what is too much.
    """
    if "list" in event:
        families, after = record.families(event["list"]["after"])
        return {"families": families, "after": after}
    bucket = parameters[settings.dataset_bucket_parameter]
    repair = Repair(s3, bucket, parameters[settings.dataset_prefix_parameter], record)
    if "family" in event:
        repair.tell_missing(event["family"], event["at"])
    else:
        repair.take_away(event["folder"])
    return {}
