"""CloudWatch Logs: patterns match what they say, and a stream keeps its newest events.

LocalStack lets every event match. Terms, "phrases", ?any and -none are read here; the terms with ? count only
where there are no others. Moto keeps all events in memory; AWS keeps them as long as the log group's
retention says, which is forever where it says nothing.
Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html and
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
Left out: patterns of JSON ({...}), columns ([...]) and regular expressions (%...%) still match every event.
"""

import re
from collections.abc import Callable
from typing import Any

from localstack.services.logs import provider
from moto.logs.models import LogStream

MOST_EVENTS = 10_000
_TERM = re.compile(r'([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))')


def apply() -> None:
    """Give LocalStack's place for a pattern matcher one, and bound the streams."""
    provider.get_pattern_matcher = matcher
    keep_newest()


def matcher(pattern: str) -> Callable[[str, dict[str, Any]], bool]:
    """Return what tells whether a log event (its second argument) matches the pattern."""
    if pattern.strip().startswith(("{", "[", "%")):
        return lambda _pattern, _event: True
    terms: dict[str, list[str]] = {"": [], "?": [], "-": []}
    for sign, phrase, word in _TERM.findall(pattern):
        terms[sign].append(re.sub(r"\\(.)", r"\1", phrase) or word)
    some = terms["?"] if terms["?"] and not terms[""] + terms["-"] else [""]

    def matches(_pattern: str, event: dict[str, Any]) -> bool:
        found = event["message"].__contains__
        return all(map(found, terms[""])) and any(map(found, some)) and not any(map(found, terms["-"]))

    return matches


def keep_newest() -> None:
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
