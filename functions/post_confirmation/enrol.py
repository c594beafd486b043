"""What makes a confirmed user a reporter."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

SIGNED_UP = "PostConfirmation_ConfirmSignUp"
"""The trigger source of a confirmed sign-up; a reset password has another."""


class Profiles(Protocol):
    """The reporters on record."""

    def add(self, sub: str, email: str, created_at: str) -> None:
        """Record a reporter, unless there is a record."""
        ...


class Group(Protocol):
    """The group whose members may report."""

    def add(self, pool_id: str, username: str) -> None:
        """Put a user into it, or leave it there."""
        ...


def enrol(event: Mapping[str, Any], profiles: Profiles, group: Group) -> None:
    """Record the person behind a confirmed sign-up, then let them report.

    In this order nobody may report without a profile; after a failure anywhere, the same again ends the same.

    Args:
        event: Cognito's event, of any trigger source.
        profiles: Where reporters are recorded.
        group: Who may report.
    """
    if event["triggerSource"] != SIGNED_UP:
        return
    attributes = event["request"]["userAttributes"]
    now = datetime.now(UTC).isoformat(timespec="seconds")
    profiles.add(attributes["sub"], attributes["email"], now)
    group.add(event["userPoolId"], event["userName"])
