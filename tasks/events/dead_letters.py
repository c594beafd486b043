"""The dead letters of a queue, moved back to where they came from.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.processes.steps import StepError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import ListMessageMoveTasksResultEntryTypeDef

_AT_WORK = {"CREATED", "RUNNING", "CANCELLING"}
_POLL_SECONDS = 0.5


@dataclass(frozen=True)
class Moved:
    """What a move came to.

    Attributes:
        moved: Messages that were moved.
        left: Messages in the dead-letter queue afterwards, by SQS's own estimate.
        came_back: Whether it was ended early, since more were moved than there had been: some came back.
    """

    moved: int
    left: int
    came_back: bool


class DeadLetters:
    """What a queue's dead-letter queue holds, however it got there.

    Args:
        client: A client of SQS.
        url: The queue's; its redrive policy names the other.
    """

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        attributes = client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn", "RedrivePolicy"])
        self._queue = attributes["Attributes"]["QueueArn"]
        self._arn: str = json.loads(attributes["Attributes"]["RedrivePolicy"])["deadLetterTargetArn"]
        self._url = client.get_queue_url(QueueName=self._arn.rpartition(":")[2])["QueueUrl"]

    def count(self) -> int:
        """How many messages it holds, by SQS's own estimate, which may be a minute old."""
        found = self._client.get_queue_attributes(
            QueueUrl=self._url,
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )
        return sum(map(int, found["Attributes"].values()))

    def move(self, tell: Callable[[int, int], None]) -> Moved:
        """Move them back to the queue, or go on with a move that is at work.

        The queue is named as the destination: a message that was sent here by code, and not by SQS, has no
        source to go back to.

        Args:
            tell: Is told how many were moved, and out of how many, whenever it is more.

        Raises:
            StepError: The move failed; what was moved stays moved.
        """
        if not self._at_work(self._newest()):
            self._client.start_message_move_task(SourceArn=self._arn, DestinationArn=self._queue)
        told, came_back = 0, False
        while True:
            task = self._newest()
            moved = task.get("ApproximateNumberOfMessagesMoved", 0)
            expected = task.get("ApproximateNumberOfMessagesToMove", 0)
            if moved > told:
                told = moved
                tell(moved, expected)
            if not self._at_work(task):
                break
            if expected and moved > expected and task.get("TaskHandle"):
                came_back = True
                self._cancel(task["TaskHandle"])
            time.sleep(_POLL_SECONDS)
        if task["Status"] == "FAILED":
            raise StepError(
                f"the move failed after {moved} messages: {task.get('FailureReason', 'SQS says no reason')}",
                "run it again: it goes on with what is left",
            )
        return Moved(moved, self.count(), came_back)

    def _newest(self) -> ListMessageMoveTasksResultEntryTypeDef:
        found = self._client.list_message_move_tasks(SourceArn=self._arn, MaxResults=1)["Results"]
        return found[0] if found else {}

    @staticmethod
    def _at_work(task: ListMessageMoveTasksResultEntryTypeDef) -> bool:
        return task.get("Status") in _AT_WORK

    def _cancel(self, handle: str) -> None:
        with suppress(self._client.exceptions.ResourceNotFoundException):  # it has just ended
            self._client.cancel_message_move_task(TaskHandle=handle)
