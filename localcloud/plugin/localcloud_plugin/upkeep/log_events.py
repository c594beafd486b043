"""A log stream keeps its newest events, where moto keeps all in memory.

AWS keeps them as long as the log group's retention says, which is forever where it says nothing:
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
"""

from collections.abc import Callable
from typing import Any

from localstack.utils import patch as patching
from moto.logs.models import LogStream

MOST_EVENTS = 10_000


def apply() -> None:
    """Wrap what adds events to a stream."""
    patch: Any = patching.patch
    patch(LogStream.put_log_events)(_put)


def _put(put: Callable[..., str], stream: Any, log_events: list[dict[str, Any]]) -> str:
    token = put(stream, log_events)
    if len(stream.events) > MOST_EVENTS * 1.1:  # rarely, since each time moves what stays
        del stream.events[:-MOST_EVENTS]
    return token
