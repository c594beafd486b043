"""The upkeep of the dataset: a family's small objects into few."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

from compact_family.folder import Folder
from compact_family.settings import Settings
from dragons import config, tracing
from dragons.parameters import Parameters

tracing.enable()
settings = config.load(Settings)
s3 = boto3.client("s3")
parameters = Parameters(boto3.client("ssm"), settings.dataset_bucket_parameter)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Merge in `{"folder": "dragons/family_str=red/"}`; answer whether there is more to merge."""
    bucket = parameters[settings.dataset_bucket_parameter]
    settled_after = timedelta(hours=settings.settled_hours)
    done = Folder(s3, bucket, event["folder"], datetime.now(UTC), settled_after).compact()
    return {"more": done.more}
