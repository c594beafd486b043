"""The workflow's first step: refuse what is not a dragon, or is one already on record."""

from collections.abc import Mapping
from typing import Any

import boto3

from dragons import config, tracing
from validate_dragon.settings import Settings
from validate_dragon.table import DynamoDBRegistry
from validate_dragon.validate import validate

tracing.enable()
registry = DynamoDBRegistry(boto3.client("dynamodb"), config.load(Settings).dragons_table)


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Validate `{"report": <the workflow's input>, "reportId": <the execution's name>}`.

    Raises:
        DragonValidationException: The report is refused; the workflow catches it by this name.
    """
    validate(event["report"], event["reportId"], registry)
