"""The journal's queue into the journal: what happened to each dragon, in the order in which it did."""

from typing import Any

import boto3
from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from dragons import config, tracing
from dragons.dead_letters import DeadLetters
from dragons.events import EventError
from dragons.journal import from_message
from dragons.journal_table import DynamoDBJournal
from keep_journal.settings import Settings

tracing.enable()
settings = config.load(Settings)
journal = DynamoDBJournal(boto3.client("dynamodb"), settings.journal_table)
dead_letters = DeadLetters(boto3.client("sqs"), settings.dead_letter_queue_url)
# behind a message that failed, those of its dragon fail too, and so stay in order; other dragons' do not wait
processor = SqsFifoPartialProcessor(skip_group_on_error=True)
processor.raise_on_entire_batch_failure = False


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Keep a batch; answer the messages that failed, which SQS delivers again.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    return process_partial_response(event, keep, processor, context)


def keep(record: SQSRecord) -> None:
    """Keep one event; what is none goes to the dead-letter queue at once, since no retry mends it."""
    try:
        entry = from_message(record.body)
    except EventError as error:
        group_id = record.attributes.message_group_id or ""
        dead_letters.send(record.body, str(error), group_id=group_id, deduplication_id=record.message_id)
        return
    journal.write(entry)
