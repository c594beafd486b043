"""The system under test as an environment; `python -m support.under_test <target> ...` runs a target on it.

`make test` says in `DRAGONS_TERRAFORM` what that system was applied from: JSON with `folder`, `data`, `state`
and `variables`.
"""

import argparse
import importlib
import json
import os
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tasks.environment.cloud import Cloud
from tasks.environment.environment import Environment
from tasks.environment.terraform import Root
from tasks.processes.steps import StepError, report


def applied_from() -> Root:
    """The root that the system under test was applied from; the test is skipped where nothing says it."""
    told = os.environ.get("DRAGONS_TERRAFORM")
    if told is None:
        pytest.skip("DRAGONS_TERRAFORM is not set: only `make test` has a system that a test may change")
    found = json.loads(told)
    return Root(Path(found["folder"]), Path(found["data"]), Path(found["state"]), found["variables"])


@dataclass(frozen=True)
class UnderTest(Environment):
    """The system under test.

    Attributes:
        applied: The root that it is applied from.
    """

    applied: Root = field(kw_only=True)

    @classmethod
    def of(cls, root: Root) -> "UnderTest":
        """The environment of a root."""
        return cls("local", urlsplit(root.variables["endpoint"]).port or 0, applied=root)

    @property
    def root(self) -> Root:
        """The root that it is applied from."""
        return self.applied

    @property
    def cloud(self) -> Cloud:
        """The cloud of the suite, whose state lies beside its own."""
        return Cloud(self.port, self.root.state_file.parent)

    @cached_property
    def _outputs(self) -> dict[str, Any]:
        return self.deployed()  # its root is initialised, and its cloud is not a checkout's

    def enter_tools(self) -> None:
        """Tests run where the tools are."""


def main() -> int:
    """Run a target."""
    target = importlib.import_module(f"tasks.{sys.argv[1]}")
    parser = argparse.ArgumentParser()
    parser.add_argument("target")
    if hasattr(target, "add_arguments"):
        target.add_arguments(parser)
    try:
        target.run(UnderTest.of(applied_from()), parser.parse_args())
    except StepError as error:
        report(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
