"""The activity at Step Functions: its tasks, and what is told of them.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-activities.html
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - AWS's name
    CredentialRetrievalError,
    HTTPClientError,
)
from botocore.parsers import ResponseParserError

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_POLL_SECONDS = 70  # Step Functions answers a poll within 60
_GONE = frozenset({"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})
_LATER = frozenset(
    {"ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException", "ExpiredTokenException"}
)
# What Step Functions takes of an error and of its cause.
_ERROR_LENGTH, _CAUSE_LENGTH = 256, 32_768


class UnavailableError(Exception):
    """Step Functions cannot be reached, or is too busy: the same request may do later."""


class TaskGoneError(Exception):
    """The task is no longer this worker's: it has timed out, or its execution has ended."""


class RefusedError(Exception):
    """Step Functions refuses the request, now and later."""


@dataclass(frozen=True)
class Task:
    """A task in hand: the token that stands for it, and its input, JSON."""

    token: str
    input: str


class StepFunctionsActivity:
    """An activity. Nothing is retried here: each caller knows how long it may try.

    Args:
        arn: The activity's.
        region: Its region.
    """

    def __init__(self, arn: str, region: str) -> None:
        self._arn = arn
        self._polls = _client(region, _POLL_SECONDS)
        self._reports = _client(region, 10)

    def poll(self, worker: str) -> Task | None:
        """Wait for a task, up to a minute.

        Args:
            worker: What the execution's history calls who took it.

        Raises:
            UnavailableError: Ask again later.
            RefusedError: There is no such activity, or it may not be asked.
        """
        with _worded():
            found = self._polls.get_activity_task(activityArn=self._arn, workerName=worker[-80:])
        token = found.get("taskToken")
        return Task(token, found.get("input", "{}")) if token else None

    def heartbeat(self, task: Task) -> None:
        """Say that a task is being worked on.

        Raises:
            UnavailableError: It could not be said.
            TaskGoneError: Nobody waits for it any more.
            RefusedError: It may not be said.
        """
        with _worded():
            self._reports.send_task_heartbeat(taskToken=task.token)

    def succeed(self, task: Task, output: str) -> None:
        """Hand in a task's result, JSON; raises as `heartbeat` does."""
        with _worded():
            self._reports.send_task_success(taskToken=task.token, output=output)

    def fail(self, task: Task, error: str, cause: str) -> None:
        """Say that a task has failed, and with which error; raises as `heartbeat` does."""
        with _worded():
            self._reports.send_task_failure(
                taskToken=task.token, error=error[:_ERROR_LENGTH], cause=cause[:_CAUSE_LENGTH]
            )


def _client(region: str, read_seconds: int) -> SFNClient:
    settings = Config(
        connect_timeout=5,
        read_timeout=read_seconds,
        retries={"total_max_attempts": 1},
        max_pool_connections=100,
        tcp_keepalive=True,
    )
    return boto3.client("stepfunctions", region_name=region, config=settings)


@contextmanager
def _worded() -> Iterator[None]:
    """Word an error by what there is to do about it."""
    try:
        yield
    except ClientError as error:
        raise _of_service(error) from error
    except (HTTPClientError, ConnectionError, CredentialRetrievalError, ResponseParserError) as error:
        raise UnavailableError(str(error)) from error
    except BotoCoreError as error:
        raise RefusedError(str(error)) from error


def _of_service(error: ClientError) -> Exception:
    code = error.response["Error"]["Code"]
    if code in _GONE:
        return TaskGoneError(str(error))
    if code in _LATER or error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
        return UnavailableError(str(error))
    return RefusedError(str(error))
