"""A log stream keeps its newest events, where moto keeps all in memory.

AWS keeps them as long as the log group's retention says, which is forever where it says nothing:
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
"""

from typing import Any

from localstack.services.logs import provider
from moto.logs.models import LogStream

MOST_EVENTS = 10_000


def apply() -> None:
    """Wrap what adds events to a stream: LocalStack's, which replaces moto's when it is imported."""
    service: Any = provider
    streams = service.MotoLogStream
    put = streams.put_log_events

    def put_and_drop(stream: LogStream, log_events: list[dict[str, Any]]) -> Any:
        token = put(stream, log_events)
        if len(stream.events) > MOST_EVENTS * 1.1:  # rarely, since each time moves what stays
            del stream.events[:-MOST_EVENTS]
        return token

    streams.put_log_events = put_and_drop
