"""Replays of a bus's archive to one of its rules.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tasks.processes.steps import StepError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import DescribeReplayResponseTypeDef

_AT_WORK = {"STARTING", "RUNNING", "CANCELLING"}
_POLL_SECONDS = 0.5


@dataclass(frozen=True)
class Period:
    """From when to when events are told again."""

    begin: datetime
    end: datetime

    @classmethod
    def of(cls, begin: str, end: str, now: datetime) -> Period:
        """Read a period.

        Args:
            begin: When it begins, in ISO 8601; without a zone, in UTC.
            end: Likewise its end; empty for now.
            now: The time, with a zone.

        Raises:
            StepError: One is no time, it ends before it begins, or it is not over.
        """
        if not begin:
            raise StepError("FROM=<time> is missing", f"say when the events happened: FROM={_text(now)}")
        period = cls(_time("FROM", begin, now), _time("TO", end, now) if end else now)
        if period.begin > now:
            raise StepError(f"FROM={begin} is in the future: it is {_text(now)}")
        if period.end > now:
            raise StepError(
                f"TO={end} is in the future: it is {_text(now)}", "leave TO out for all until now"
            )
        if period.begin >= period.end:
            raise StepError(f"FROM={begin} is not before TO={_text(period.end)}")
        return period


def _time(name: str, text: str, now: datetime) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise StepError(
            f"{name}={text} is not a time in ISO 8601", f"write it such as {name}={_text(now)}"
        ) from error


def _text(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Archive:
    """The archive of a bus.

    Args:
        client: A client of EventBridge.
        bus: The bus's name, which those of its rules begin with.

    Raises:
        StepError: The bus has none.
    """

    def __init__(self, client: EventBridgeClient, bus: str) -> None:
        self._client = client
        self._bus = bus
        self._bus_arn = client.describe_event_bus(Name=bus)["Arn"]
        found = client.list_archives(EventSourceArn=self._bus_arn)["Archives"]
        if not found:
            raise StepError(f"the bus {bus} has no archive", "`make apply` makes it")
        archive = client.describe_archive(ArchiveName=found[0]["ArchiveName"])
        self._arn = archive["ArchiveArn"]
        self._days = archive.get("RetentionDays", 0)

    def require_kept(self, period: Period, now: datetime) -> None:
        """Make sure that the archive can still have what happened in a period.

        Raises:
            StepError: It begins before that.
        """
        oldest = now - timedelta(days=self._days)
        if self._days and period.begin < oldest:
            raise StepError(
                f"FROM={_text(period.begin)}: the archive keeps events for {self._days} days",
                f"take FROM={_text(oldest + timedelta(minutes=1))} or later",
            )

    def rule(self, name: str) -> str:
        """The ARN of a rule.

        Raises:
            StepError: There is none of that name; says which there are.
        """
        prefix = f"{self._bus}-"
        rules = {
            each["Name"].removeprefix(prefix): each["Arn"]
            for page in self._client.get_paginator("list_rules").paginate(EventBusName=self._bus)
            for each in page["Rules"]
            if each["Name"].startswith(prefix)
        }
        if name not in rules:
            raise StepError(f"RULE={name} is not a rule of {self._bus}", f"choose one of {', '.join(rules)}")
        return rules[name]

    def replay(self, period: Period, rule: str, tell: Callable[[str], None]) -> str:
        """Replay to a rule, and wait for the end of it.

        Args:
            period: When the events happened.
            rule: The rule's ARN.
            tell: Is told its name and each state it comes into.

        Returns:
            What it came to. EventBridge does not say how many events there were.

        Raises:
            StepError: It failed or was cancelled.
        """
        name = f"{self._bus}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
        self._client.start_replay(
            ReplayName=name,
            EventSourceArn=self._arn,
            EventStartTime=period.begin,
            EventEndTime=period.end,
            Destination={"Arn": self._bus_arn, "FilterArns": [rule]},
        )
        told = ""
        while True:
            found = self._client.describe_replay(ReplayName=name)
            if found["State"] != told:
                told = found["State"]
                tell(f"{name}: {told.lower()}")
            if found["State"] not in _AT_WORK:
                return _outcome(name, found)
            time.sleep(_POLL_SECONDS)


def _outcome(name: str, found: DescribeReplayResponseTypeDef) -> str:
    if found["State"] != "COMPLETED":
        reason = found.get("StateReason") or "EventBridge says no reason"
        raise StepError(f"the replay {name} is {found['State'].lower()}: {reason}", "run it again")
    if last := found.get("EventLastReplayedTime"):
        return f"all was told again, the last of {_text(last)}"
    return "there was nothing to tell again"
