"""GET /reviews: the reports that wait for a reviewer, oldest first."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import boto3

from dragons import config, tracing
from dragons.errors import InvalidRequestError
from dragons.http import Responder
from dragons.reviews import timestamp
from dragons.reviews_table import DynamoDBReviews
from list_reviews.listing import listing, next_token, read_query
from list_reviews.settings import Settings

tracing.enable()
respond = Responder()
reviews = DynamoDBReviews(boto3.client("dynamodb"), config.load(Settings).reviews_table)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer a proxy event with `{"reviews": [{"reviewId", ...}], "nextToken": "..."}`."""
    try:
        query = read_query(event)
    except InvalidRequestError as error:
        return respond.invalid(event, error)
    page = reviews.waiting(query.limit, query.after)
    body: dict[str, Any] = {"reviews": listing(page.reviews, timestamp(datetime.now(UTC)))}
    if page.next_after is not None:
        body["nextToken"] = next_token(page.next_after)
    return respond.json(event, 200, body)
