"""What holds for every test."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

HAS_LOCALCLOUD = (Path(__file__).parents[1] / "localcloud").is_dir()
# The templates' engine is its own; AWS's is not to be had.
collect_ignore_glob = [] if HAS_LOCALCLOUD else ["contract/test_vtl_*.py"]

# How long an example takes says nothing where other checks run beside it.
settings.register_profile("no deadline", deadline=None)
settings.register_profile("few examples", deadline=None, max_examples=5)
settings.load_profile("no deadline")


def pytest_report_header() -> str:
    """Say what is left out."""
    return "" if HAS_LOCALCLOUD else "no localcloud/ here: contract/test_vtl_*.py are left out"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse tests of one name: where processes share the tests, all but one of them would not run."""
    twice = [name for name, count in Counter(item.nodeid for item in items).items() if count > 1]
    if twice:
        raise pytest.UsageError(f"these tests share their names: {', '.join(twice)}")
