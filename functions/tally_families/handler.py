"""The queue of sightings into the tallies: how many dragons there are, by family, by country and in all."""

import time
from typing import Any

import boto3
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from dragons import config, tracing
from dragons.dead_letters import DeadLetters
from dragons.events import EventError, from_text
from tally_families.settings import Settings
from tally_families.shifts import shifts
from tally_families.store import DynamoDBTallies

tracing.enable()
settings = config.load(Settings)
tallies = DynamoDBTallies(boto3.client("dynamodb"), settings.tallies_table)
dead_letters = DeadLetters(boto3.client("sqs"), settings.dead_letter_queue_url)
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Count a batch; answer the messages that failed, which SQS delivers again.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    return process_partial_response(event, count, processor, context)


def count(record: SQSRecord) -> None:
    """Count one event; what is none goes to the dead-letter queue at once, since no retry mends it."""
    try:
        event = from_text(record.body)
    except EventError as error:
        dead_letters.send(record.body, str(error))
        return
    if shifted := shifts(event):
        tallies.shift(event.event_id, shifted, int(time.time()) + settings.remembered_days * 86400)
