"""Delivers log lines to CloudWatch Logs in the background, in batches.

Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
(events in the order of their time, at most 10,000 and 1 MiB a call).

A line whose log group does not exist is dropped, as on AWS; the loss is logged.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from itertools import batched, groupby
from operator import attrgetter
from typing import Any, NamedTuple

from localstack.runtime.shutdown import SHUTDOWN_HANDLERS

from localcloud.upkeep.schedule import every_second

LOG = logging.getLogger(__name__)

MAX_BATCH = 100
"""Lines a call: a line is short of 10 KiB, since a request's URL is."""


class Entry(NamedTuple):
    """One line: `destination` is the log group's ARN, `timestamp` milliseconds since the epoch."""

    destination: str
    stream: str
    timestamp: int
    line: str


class LogDelivery:
    """What waits for the next second's delivery by `put`, as `put_log_events`; what it raises is logged."""

    def __init__(self, put: Callable[[str, str, list[Entry]], None]) -> None:
        self._put = put
        self._waiting: deque[Entry] = deque()
        self._delivering = threading.Lock()
        every_second(self.flush)

    def submit(self, entry: Entry) -> None:
        """Take an entry; returns at once."""
        self._waiting.append(entry)

    def flush(self) -> None:
        """Deliver everything that was submitted."""
        place = attrgetter("destination", "stream")
        with self._delivering:
            entries = sorted(self._waiting.popleft() for _ in range(len(self._waiting)))
            for (destination, stream), group in groupby(entries, key=place):
                for batch in batched(group, MAX_BATCH, strict=False):
                    try:
                        self._put(destination, stream, list(batch))
                    except Exception:
                        LOG.exception("%d lines for %s were lost", len(batch), destination)


def start_delivery() -> Callable[[Entry], None]:
    """Deliver entries every second, and when LocalStack stops; returns what takes one, without waiting."""
    delivery = LogDelivery(put_log_events)
    SHUTDOWN_HANDLERS.register(delivery.flush)
    return delivery.submit


def put_log_events(destination: str, stream: str, entries: list[Entry]) -> None:
    """Write to a log group of this LocalStack; its stream is made when there is none.

    Raises:
        ValueError: The destination is not a log group's ARN.
        ClientError: The log group does not exist.
    """
    from localstack.aws.connect import connect_to

    head, found, group = destination.removesuffix(":*").partition(":log-group:")
    if not found:
        raise ValueError(f"accessLogSettings.destinationArn: {destination} is not a log group")
    region, account = head.split(":")[3:5]
    logs: Any = connect_to(region_name=region, aws_access_key_id=account).logs
    events = [{"timestamp": entry.timestamp, "message": entry.line} for entry in entries]
    try:
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
    except logs.exceptions.ResourceNotFoundException:
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
