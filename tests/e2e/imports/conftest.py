"""The import bucket, and what puts files there."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support.imports import Imports


@pytest.fixture(scope="module")
def imports(outputs: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[Imports]:
    """Put files and read their results; what was put goes when the tests end."""
    found = Imports(outputs, aws)
    yield found
    found.clean_up()
