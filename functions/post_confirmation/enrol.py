"""What makes a confirmed user a reporter."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from dragons.events import Event, ReporterJoined

logger = logging.getLogger(__name__)

SIGNED_UP = "PostConfirmation_ConfirmSignUp"
"""The trigger source of a confirmed sign-up; a reset password has another."""


class Profiles(Protocol):
    """The reporters on record."""

    def add(self, sub: str, email: str, created_at: str) -> str:
        """Record a reporter, unless there is a record, and return since when there is one."""
        ...


class Group(Protocol):
    """The group whose members may report."""

    def add(self, pool_id: str, username: str) -> None:
        """Put a user into it, or leave it there."""
        ...


class Bus(Protocol):
    """Where everybody hears of it."""

    def put(self, events: Sequence[Event]) -> None:
        """Put events."""
        ...


def enrol(event: Mapping[str, Any], profiles: Profiles, group: Group, bus: Bus) -> None:
    """Record the person behind a confirmed sign-up, let them report, then tell of it.

    In this order nobody may report without a profile; after a failure anywhere, the same again ends the same.
    An event that cannot be put fails nothing: it is an error in the log.

    Args:
        event: Cognito's event, of any trigger source.
        profiles: Where reporters are recorded.
        group: Who may report.
        bus: Who is told.
    """
    if event["triggerSource"] != SIGNED_UP:
        return
    attributes = event["request"]["userAttributes"]
    sub, now = attributes["sub"], datetime.now(UTC).isoformat(timespec="seconds")
    since = profiles.add(sub, attributes["email"], now)
    group.add(event["userPoolId"], event["userName"])
    try:
        bus.put([ReporterJoined(event_id=sub, at=since, sub=sub)])
    except Exception:  # whatever it was: they may report, and Cognito would show them an error
        logger.exception("ReporterJoined of %s is not on the bus", sub)
