"""What happened is told again: it mends what was lost, and changes nothing that is right."""

from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from support.system import poll
from support.under_test import UnderTest, applied_from
from tasks import replay
from tasks.environment.environment import Environment

Aws = Callable[[str], Any]


@pytest.fixture
def environment() -> Environment:
    """The system under test."""
    return UnderTest.of(applied_from())


def messages_taken(outputs: dict[str, Any], aws: Aws) -> bool:
    """Whether the queue of the tallies is empty."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    url = outputs["queues"]["tally_families"]
    found = aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return all(found[name] == "0" for name in names)


def test_a_replay_mends_the_tallies_and_again_changes_nothing(
    environment: Environment,
    outputs: dict[str, Any],
    aws: Aws,
    tallies: Any,
    tell: Callable[[str, int], list[str]],
    family: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    began = datetime.now(UTC) - timedelta(minutes=1)  # EventBridge counts in minutes
    ids = tell(family, 3)
    tallies.becomes(f"family#{family}", 3)
    tallies.forget(
        f"family#{family}", *(f"event#{each}" for each in ids)
    )  # the table, as far as it is this test's
    asked = Namespace(begin=began.isoformat(), end="", rule="sightings", auto_approve="")
    replay.run(environment, asked)
    assert "all was told again" in capsys.readouterr().out
    tallies.becomes(f"family#{family}", 3)
    replay.run(environment, asked)
    poll(lambda: messages_taken(outputs, aws) or None, "the events to be counted, or known")
    assert tallies(f"family#{family}") == 3
    tallies.forget(*(f"event#{each}" for each in ids))
