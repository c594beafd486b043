"""The beat of the open reviews, on a schedule: without it, the workflow takes a review for lost."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import boto3

from dragons import config, tracing
from dragons.review_tasks import StepFunctionsTasks
from dragons.reviews_table import DynamoDBReviews
from renew_reviews.renew import renew
from renew_reviews.settings import Settings

tracing.enable()
reviews = DynamoDBReviews(boto3.client("dynamodb"), config.load(Settings).reviews_table)
tasks = StepFunctionsTasks(boto3.client("stepfunctions"))


def handler(_event: Mapping[str, Any], _context: object) -> None:
    """Renew every review; what a schedule's event says does not matter."""
    renew(reviews, tasks, datetime.now(UTC))
