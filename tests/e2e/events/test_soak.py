"""Nothing is lost and nothing counted twice, whatever happens to the consumers. The benchmark is longer."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support import soak
from support.under_test import UnderTest, applied_from

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
    written: soak.Written, aws: Aws
) -> None:
    soak.hold(aws, UnderTest.of(applied_from()), written, DRAGONS, CHANGES)
