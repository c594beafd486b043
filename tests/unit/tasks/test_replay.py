"""`make replay`: which periods are possible, how a replay is followed, and what is said of it."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks import replay
from tasks.environment.environment import NEEDED, Environment
from tasks.events.replays import Period
from tasks.processes.steps import StepError

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
BUS = "arn:aws:events:us-east-1:000000000000:event-bus/dragons-dev"
RULE = "arn:aws:events:us-east-1:000000000000:rule/dragons-dev/dragons-dev-sightings"

times = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2026, 11, 28, 11))


@given(times, st.integers(-12 * 60, 14 * 60))
def test_a_time_is_taken_with_its_zone_and_without_one_as_utc(when: datetime, minutes: int) -> None:
    assert Period.of(when.isoformat(), "", NOW) == Period(when.replace(tzinfo=UTC), NOW)
    assert Period.of(f"{when.isoformat()}Z", "", NOW).begin == when.replace(tzinfo=UTC)
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    local = when + timedelta(minutes=minutes)
    text = f"{local.isoformat()}{sign}{hours:02}:{rest:02}"
    assert Period.of(text, "", NOW).begin == when.replace(tzinfo=UTC)


@given(st.text(max_size=30))
def test_what_is_no_time_is_refused_in_one_line(text: str) -> None:
    with suppress(ValueError, OverflowError):
        datetime.fromisoformat(text).astimezone(UTC)
        return
    with pytest.raises(StepError, match=r"^FROM="):
        Period.of(text, "", NOW)


@pytest.mark.parametrize(
    ("begin", "end", "said"),
    [
        ("", "", "FROM=<time> is missing"),
        ("yesterday", "", "FROM=yesterday is not a time in ISO 8601"),
        ("2026-11-28", "noon", "TO=noon is not a time in ISO 8601"),
        ("2026-11-28T13:00", "", "FROM=2026-11-28T13:00 is in the future: it is 2026-11-28T12:00:00Z"),
        ("2026-11-28", "2026-11-29", "TO=2026-11-29 is in the future"),
        (
            "2026-11-28T11:00",
            "2026-11-28T11:00+02:00",
            "FROM=2026-11-28T11:00 is not before TO=2026-11-28T09",
        ),
        ("2026-11-28T11:00", "2026-11-28T11:00", "is not before TO="),
    ],
)
def test_a_period_that_cannot_be_is_refused(begin: str, end: str, said: str) -> None:
    with pytest.raises(StepError) as refused:
        Period.of(begin, end, NOW)
    assert said in str(refused.value)


class FakeEvents:
    """A bus with an archive; `states` has what a replay shows each time that somebody looks."""

    def __init__(self) -> None:
        self.archives = [{"ArchiveName": "dragons-dev"}]
        self.states: list[dict[str, Any]] = [{"State": "COMPLETED"}]
        self.started: list[dict[str, Any]] = []

    def describe_event_bus(self, Name: str) -> dict[str, str]:
        assert Name == "dragons-dev"
        return {"Arn": BUS}

    def list_archives(self, EventSourceArn: str) -> dict[str, Any]:
        assert EventSourceArn == BUS
        return {"Archives": self.archives}

    def describe_archive(self, ArchiveName: str) -> dict[str, Any]:
        return {"ArchiveArn": f"arn:archive/{ArchiveName}", "RetentionDays": 30}

    def get_paginator(self, operation: str) -> Any:
        assert operation == "list_rules"
        pages: Callable[..., Iterator[Any]] = self._rules
        return type("Paginator", (), {"paginate": staticmethod(pages)})

    def _rules(self, EventBusName: str) -> Iterator[Any]:
        assert EventBusName == "dragons-dev"
        yield {"Rules": [{"Name": "dragons-dev-sightings", "Arn": RULE}]}
        yield {"Rules": [{"Name": "Events-Archive-dragons-dev", "Arn": "arn:of-the-archive"}]}

    def start_replay(self, **asked: Any) -> None:
        self.started.append(asked)

    def describe_replay(self, ReplayName: str) -> dict[str, Any]:
        assert ReplayName == self.started[-1]["ReplayName"]
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> FakeEvents:
    made = FakeEvents()
    outputs = dict.fromkeys(NEEDED, "x") | {"event_bus": "dragons-dev"}
    monkeypatch.setattr(Environment, "enter_tools", lambda _: None)
    monkeypatch.setattr(Environment, "outputs", lambda _: outputs)
    monkeypatch.setattr(Environment, "client", lambda *_: made)
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    monkeypatch.setattr("tasks.events.replays._POLL_SECONDS", 0)
    return made


def run(begin: str = "", rule: str = "sightings", approved: str = "") -> None:
    begin = begin or (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    replay.run(Environment("dev"), Namespace(begin=begin, end="", rule=rule, auto_approve=approved))


def test_a_replay_goes_to_the_rule_and_is_followed_to_its_end(
    events: FakeEvents, capsys: pytest.CaptureFixture[str]
) -> None:
    events.states = [
        {"State": "STARTING"},
        {"State": "RUNNING"},
        {"State": "RUNNING"},
        {"State": "COMPLETED", "EventLastReplayedTime": NOW},
    ]
    run()
    [asked] = events.started
    assert asked["Destination"] == {"Arn": BUS, "FilterArns": [RULE]}
    assert asked["EventSourceArn"] == "arn:archive/dragons-dev"
    assert asked["EventEndTime"] - asked["EventStartTime"] >= timedelta(hours=1)
    name = asked["ReplayName"]
    assert len(name) <= 64
    assert capsys.readouterr().out.splitlines() == [
        f"  ... {name}: starting",
        f"  ... {name}: running",
        f"  ... {name}: completed",
        "all was told again, the last of 2026-11-28T12:00:00Z",
    ]


@pytest.mark.usefixtures("events")
def test_a_period_without_events_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    run()
    assert capsys.readouterr().out.endswith("there was nothing to tell again\n")


def test_a_replay_that_fails_says_why(events: FakeEvents) -> None:
    events.states = [{"State": "FAILED", "StateReason": "no permission"}]
    with pytest.raises(StepError, match="is failed: no permission"):
        run()


@pytest.mark.parametrize(
    ("asked", "said", "remedy"),
    [
        ({"begin": "2020-01-01"}, "the archive keeps events for 30 days", "take FROM="),
        ({"rule": "joined"}, "RULE=joined is not a rule of dragons-dev", "choose one of sightings"),
    ],
)
def test_what_is_not_possible_is_refused(
    events: FakeEvents, asked: dict[str, str], said: str, remedy: str
) -> None:
    with pytest.raises(StepError, match=said) as refused:
        run(**asked)
    assert refused.value.remedy.startswith(remedy)
    assert not events.started


def test_a_bus_without_an_archive_has_nothing_to_replay(events: FakeEvents) -> None:
    events.archives = []
    with pytest.raises(StepError, match="the bus dragons-dev has no archive"):
        run()


def test_nothing_is_replayed_on_aws_unless_somebody_says_yes(
    events: FakeEvents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: "no")
    with pytest.raises(StepError, match="nothing was replayed"):
        run()
    with pytest.raises(StepError, match="AUTO_APPROVE=y is not valid"):
        run(approved="y")
    assert not events.started
    run(approved="yes")
    assert events.started
