"""The table's stream into events: what happened to each dragon, on the bus and to its journal."""

import logging
from collections.abc import Mapping
from typing import Any

import boto3

from announce_dragon.announce import NotAnnouncedError, announce
from announce_dragon.journal import JournalQueue
from announce_dragon.settings import Settings
from dragons import config, tracing
from dragons.bus import EventBridgeBus

tracing.enable()
logger = logging.getLogger(__name__)
settings = config.load(Settings)
bus = EventBridgeBus(boto3.client("events"), settings.event_bus)
journal = JournalQueue(boto3.client("sqs"), settings.journal_queue_url)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Announce a batch; answer the first record that failed, from which Lambda retries.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
    """
    try:
        announce(event["Records"], bus, journal)
    except NotAnnouncedError as error:
        logger.exception("not announced: %s", error)
        return {"batchItemFailures": [{"itemIdentifier": error.sequence_number}]}
    return {"batchItemFailures": []}
