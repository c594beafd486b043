"""EventBridge: replays of an archive, which LocalStack answers with an internal error, and to whom they go.

Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ReplayDestination.html (FilterArns)
Left out: replays that take time, or are cancelled; events are told by the minute, and all at once.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from localstack.services.events.archive import ArchiveService
from localstack.services.events.provider import EventsProvider
from localstack.utils.patch import patch


def keep_times(original: Callable[..., None], self: ArchiveService, events: list[Any]) -> None:
    """Archive events with their times, which replays compare, and not with the texts of these."""
    original(self, [{**event, "time": datetime.fromisoformat(event["time"])} for event in events])


def tell_named_rules(
    original: Callable[..., None],
    self: EventsProvider,
    rule: Any,
    region: str,
    account_id: str,
    event: Any,
    *rest: Any,
) -> None:
    """Tell a rule of an event, unless a replay tells it that names other rules."""
    name = event.get("replay-name")
    named = name and self.get_replay(name, self.get_store(region, account_id)).destination.get("FilterArns")
    if not named or rule.arn in named:
        original(self, rule, region, account_id, event, *rest)


def apply() -> None:
    """Correct LocalStack's service."""
    patch(ArchiveService.put_events)(keep_times)  # type: ignore[no-untyped-call]
    patch(EventsProvider._process_rules)(tell_named_rules)  # type: ignore[no-untyped-call]
