"""Rebuilding the dataset from the table: the state machine `compact_dataset`, told to."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from tasks.processes.steps import StepError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_stepfunctions import SFNClient

_POLL_SECONDS = 1.0


class Rebuild:
    """An execution that is followed to its end.

    Args:
        client: A client of Step Functions.
        machine: The state machine's ARN, unqualified.
    """

    def __init__(self, client: SFNClient, machine: str) -> None:
        self._client = client
        told = json.dumps({"rebuild": True})
        self._arn = client.start_execution(stateMachineArn=f"{machine}:live", input=told)["executionArn"]

    def follow(self, tell: Callable[[str], None]) -> str:
        """Wait for the end.

        Args:
            tell: Is told how far it is, whenever that has changed.

        Returns:
            What it came to.

        Raises:
            StepError: It failed; says why.
        """
        told = ""
        while True:
            found = self._client.describe_execution(executionArn=self._arn)
            done = self._done()
            compared, merged = done.get("TellMissing", 0), done.get("CompactFamilies", 0)
            said = f"{compared} families on record compared, {merged} of the dataset merged"
            if said != told:
                tell(said)
                told = said
            if found["status"] == "SUCCEEDED":
                return "the dataset is the table's copy as soon as its stream has told what was missing"
            if found["status"] != "RUNNING":
                why = found.get("cause") or found.get("error") or "its history says why"
                raise StepError(f"{self._arn} is {found['status'].lower()}: {why}", "run it again")
            time.sleep(_POLL_SECONDS)

    def _done(self) -> dict[str, int]:
        """How many families each Map is done with, over all of its runs."""
        pages = self._client.get_paginator("list_map_runs").paginate(executionArn=self._arn)
        done: dict[str, int] = {}
        for run in (each["mapRunArn"] for page in pages for each in page["mapRuns"]):
            label = run.rpartition("/")[2].partition(":")[0]
            counts = self._client.describe_map_run(mapRunArn=run)["itemCounts"]
            done[label] = done.get(label, 0) + counts["succeeded"]
        return done
