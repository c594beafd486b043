"""The table's stream into the dataset, the read model of GET /dragons."""

import logging
from collections.abc import Mapping
from typing import Any

import boto3

from dragons import config, tracing
from dragons.parameters import Parameters
from write_dataset.changes import read_changes
from write_dataset.settings import Settings
from write_dataset.store import Dataset

tracing.enable()
logger = logging.getLogger(__name__)
settings = config.load(Settings)
s3 = boto3.client("s3")
parameters = Parameters(
    boto3.client("ssm"), settings.dataset_bucket_parameter, settings.dataset_prefix_parameter
)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Write a batch; answer the first record that could not be read, from which Lambda retries.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
    """
    changes = read_changes(event["Records"])
    bucket = parameters[settings.dataset_bucket_parameter]
    prefix = parameters[settings.dataset_prefix_parameter]
    Dataset(s3, bucket, prefix).apply(changes)
    if changes.failed_at is None:
        return {"batchItemFailures": []}
    logger.error("record %s: %s", changes.failed_at, changes.reason)
    return {"batchItemFailures": [{"itemIdentifier": changes.failed_at}]}
