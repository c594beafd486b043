"""POST /reviews/{reviewId}: a reviewer's decision on a report that waits for it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import boto3

from decide_review.decide import NotOpenError, UnknownReviewError, decide
from decide_review.request import read_request
from decide_review.settings import Settings
from dragons import config, tracing
from dragons.errors import InvalidRequestError
from dragons.http import Responder
from dragons.review_tasks import StepFunctionsTasks
from dragons.reviews_table import DynamoDBReviews

tracing.enable()
respond = Responder()
reviews = DynamoDBReviews(boto3.client("dynamodb"), config.load(Settings).reviews_table)
tasks = StepFunctionsTasks(boto3.client("stepfunctions"))


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer an event of an HTTP API: 204 once the report goes on, or why it does not."""
    try:
        review_id, decision = read_request(event, datetime.now(UTC))
        decide(review_id, decision, reviews, tasks)
    except UnknownReviewError as error:
        return respond.json(event, 404, error.body())
    except NotOpenError as error:
        return respond.json(event, 409, error.body())
    except InvalidRequestError as error:
        return respond.invalid(event, error)
    return respond.nothing(event)
