"""Fixtures of the packager's tests."""

from pathlib import Path

import pytest

from unit.build.repository import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)
