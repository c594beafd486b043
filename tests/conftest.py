"""What holds for every test."""

from collections import Counter

import pytest
from hypothesis import settings

# How long an example takes says nothing where other checks run beside it.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse tests of one name: where processes share the tests, all but one of them would not run."""
    twice = [name for name, count in Counter(item.nodeid for item in items).items() if count > 1]
    if twice:
        raise pytest.UsageError(f"these tests share their names: {', '.join(twice)}")
