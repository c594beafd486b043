"""The workflow's tasks that wait for reviewers, by their tokens."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_stepfunctions import SFNClient

    from dragons.reviews import Decision

REFUSED = "ReviewRefused"
"""The error by which the workflow knows a reviewer's refusal."""


class TaskGoneError(Exception):
    """The workflow does not wait any more: it was told before, has given up, or was stopped."""


class StepFunctionsTasks:
    """Tells Step Functions what becomes of a task, which it takes once, and that it is being worked on.

    Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
    """

    def __init__(self, steps: SFNClient) -> None:
        self._steps = steps

    def tell(self, token: str, decision: Decision) -> None:
        """Let the report go on, or have it refused. Who decided is in the execution's history from then on.

        A refusal is worded as Lambda words an exception, so that the workflow reads both alike.

        Raises:
            TaskGoneError: It does not wait any more.
        """
        reviewed = {"reviewer": decision.by, "at": decision.at}
        with self._gone():
            if decision.accept:
                self._steps.send_task_success(taskToken=token, output=json.dumps({"accept": True} | reviewed))
            else:
                cause = json.dumps({"errorMessage": decision.reason} | reviewed)
                self._steps.send_task_failure(taskToken=token, error=REFUSED, cause=cause)

    def beat(self, token: str) -> None:
        """Say that the review is still open.

        Raises:
            TaskGoneError: It does not wait any more.
        """
        with self._gone():
            self._steps.send_task_heartbeat(taskToken=token)

    @contextmanager
    def _gone(self) -> Iterator[None]:
        errors = self._steps.exceptions
        try:
            yield
        except (errors.TaskTimedOut, errors.TaskDoesNotExist, errors.InvalidToken):
            raise TaskGoneError from None
