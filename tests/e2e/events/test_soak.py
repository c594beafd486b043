"""Nothing is lost and nothing counted twice, whatever happens to the consumers. The benchmark is longer."""

import os
from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from support import soak
from support.system import poll
from support.under_test import UnderTest, applied_from
from tasks import redrive, replay
from tasks.events.dead_letters import DeadLetters

DRAGONS, CHANGES = 16, 5

pytestmark = pytest.mark.last

Aws = Callable[[str], Any]


@pytest.fixture
def written(outputs: dict[str, Any], aws: Aws) -> Iterator[soak.Written]:
    """What the soak writes; it leaves the tables when the test ends."""
    if "DRAGONS_CLOUD_LOG" not in os.environ:
        pytest.skip("the target is no local cloud of ours: nothing here can kill its functions")
    run = soak.Written()
    yield run
    soak.forget(aws("dynamodb"), outputs, run)


@pytest.mark.timeout(300)
def test_tallies_and_journal_are_right_after_kills_failures_and_repetitions(
    written: soak.Written, outputs: dict[str, Any], aws: Aws
) -> None:
    environment, began = UnderTest.of(applied_from()), datetime.now(UTC) - timedelta(minutes=1)
    dynamodb, sqs = aws("dynamodb"), aws("sqs")
    with soak.faults(aws, outputs, written.poison):
        soak.write(dynamodb, outputs["dragons_table"], written, DRAGONS, CHANGES)
        journal = poll(
            partial(soak.complete_journal, dynamodb, outputs, written), "the journal to be whole", pause=1
        )
        again = Namespace(begin=began.isoformat(), end="", rule="sightings", auto_approve="")
        replay.run(environment, again)
        letters = DeadLetters(sqs, outputs["queues"]["tally_families"])
        poll(lambda: soak.is_idle(sqs, outputs) or None, "the queues to be worked off", 180)
        reasons = soak.reasons(sqs, outputs["dead_letter_queues"]["tally_families"], written.poison)
    assert journal == written.histories, "in the order in which it was done"
    assert reasons == {f"{written.poison} is not understood yet"}
    assert letters.count() > 0
    # the consumer understands it by now
    redrive.run(environment, Namespace(queue="tally_families", auto_approve=""))
    poll(
        lambda: soak.tallies(dynamodb, outputs, written) == written.tallies() or None,
        "the tallies to be what the table says",
    )
    poll(lambda: soak.is_idle(sqs, outputs) or None, "the queues to be worked off", 180)
    assert soak.tallies(dynamodb, outputs, written) == written.tallies()
    assert letters.count() == 0
