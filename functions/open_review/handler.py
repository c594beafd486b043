"""The queue of reviews into their table: each is open from then on, until somebody decides."""

import time
from typing import Any

import boto3
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from dragons import config, tracing
from dragons.dead_letters import DeadLetters
from dragons.reviews import ReviewError, from_message
from dragons.reviews_table import DynamoDBReviews
from open_review.settings import Settings

tracing.enable()
settings = config.load(Settings)
reviews = DynamoDBReviews(boto3.client("dynamodb"), settings.reviews_table)
dead_letters = DeadLetters(boto3.client("sqs"), settings.dead_letter_queue_url)
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Open a batch of reviews; answer the messages that failed, which SQS delivers again.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    return process_partial_response(event, open_review, processor, context)


def open_review(record: SQSRecord) -> None:
    """Open one review; what is none goes to the dead-letter queue at once, since no retry mends it."""
    try:
        review = from_message(record.body)
    except ReviewError as error:
        dead_letters.send(record.body, str(error))
        return
    reviews.open(review, int(time.time()) + settings.remembered_days * 86400)
