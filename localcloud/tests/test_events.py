"""Replays of an archive, to the rules that they name, and what makes `events.py` necessary."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from localstack.services.events.archive import ArchiveService
from localstack.services.events.models import Archive, Replay
from localstack.services.events.provider import EventsProvider
from localstack.services.events.replay import ReplayService

from localcloud import events

ACCOUNT, REGION = "000000000000", "us-east-1"
BUS = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/bus"
NOW = datetime.now(UTC)
EVENT: Any = {
    "id": "1",
    "source": "here",
    "detail-type": "Happened",
    "detail": {},
    "time": NOW.strftime("%Y-%m-%dT%H:%M:%SZ"),
}


@pytest.fixture
def archive() -> ArchiveService:
    """An archive, without the rule that fills it."""
    made = ArchiveService.__new__(ArchiveService)
    made.archive = Archive("archive", REGION, ACCOUNT, BUS)
    return made


def found(archive: ArchiveService, begin: datetime, end: datetime) -> list[Any]:
    kept: list[Any] = archive.get_events(begin, end)
    return kept


def test_what_is_archived_is_found_by_its_time_and_told_with_it(archive: ArchiveService) -> None:
    events.keep_times(ArchiveService.put_events, archive, [EVENT])
    minute = timedelta(minutes=1)
    assert not found(archive, NOW - 5 * minute, NOW - 2 * minute)
    kept = found(archive, NOW - minute, NOW + minute)
    replay = ReplayService(
        "replay", REGION, ACCOUNT, archive.arn, {"Arn": BUS}, NOW - minute, NOW + minute, ""
    )
    replay.start(kept)
    [told] = cast("list[Any]", replay.re_format_events_from_archive(kept, "replay"))
    assert told["Time"] == NOW.replace(microsecond=0)
    assert told["ReplayName"] == "replay"


def test_localstack_archives_texts_which_are_no_times(archive: ArchiveService) -> None:
    archive.put_events([EVENT])
    with pytest.raises(TypeError):
        archive.get_events(NOW, NOW)


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ({}, ["named", "other"]),
        ({"replay-name": "to one"}, ["named"]),
        ({"replay-name": "to all"}, ["named", "other"]),
    ],
)
def test_a_replay_goes_to_the_rules_that_it_names(event: dict[str, Any], told: list[str]) -> None:
    provider: Any = EventsProvider.__new__(EventsProvider)
    destinations: Any = {"to one": {"Arn": BUS, "FilterArns": ["named"]}, "to all": {"Arn": BUS}}
    replays = {
        name: Replay(name, REGION, ACCOUNT, "archive", destination, NOW, NOW)
        for name, destination in destinations.items()
    }
    provider.get_store = lambda *_: SimpleNamespace(replays=replays)
    done: list[str] = []
    for arn in ("named", "other"):
        rule = SimpleNamespace(arn=arn)
        events.tell_named_rules(
            lambda _, rule, *__: done.append(rule.arn), provider, rule, REGION, ACCOUNT, event, None
        )
    assert done == told
