"""A file put into the import bucket into an import."""

from collections.abc import Mapping
from typing import Any

import boto3

from dragons import config, tracing
from start_import.machine import Importer
from start_import.notification import files
from start_import.settings import Settings

tracing.enable()
settings = config.load(Settings)
importer = Importer(boto3.client("stepfunctions"), settings.import_dragons, settings.run_job)


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Start an import of each file that S3 tells of, or have it cleaned first.

    It is invoked asynchronously: what it raises is tried again, and then goes to its dead-letter queue.
    Source: https://docs.aws.amazon.com/lambda/latest/dg/with-s3.html
    """
    for file in files(event):
        importer.start(file)
