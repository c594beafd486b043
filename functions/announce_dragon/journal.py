"""The queue of the journal, in which what happened to one dragon stays in order."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from dragons.batches import NotAcceptedError, batches
from dragons.journal import to_message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

    from dragons.journal import Entry


class JournalQueue:
    """Sends to a FIFO queue, in which each dragon is a group.

    An event that comes again within five minutes is dropped. A rule of the bus could not send so: it has one
    group for all events.

    Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
    """

    def __init__(self, sqs: SQSClient, url: str) -> None:
        self._sqs = sqs
        self._url = url

    def send(self, entries: Sequence[Entry]) -> None:
        """Send entries, as few requests as it takes.

        SQS may take a message of a request and refuse the one before it. So a dragon is in a request once:
        nothing of it is sent before what came earlier is in the queue.

        Raises:
            NotAcceptedError: One was refused; some of those behind it, of other dragons, may be in the queue.
        """
        done = 0
        for messages in _requests(entries):
            answer = self._sqs.send_message_batch(QueueUrl=self._url, Entries=messages)
            for failed in sorted(answer.get("Failed", []), key=lambda each: int(each["Id"])):
                raise NotAcceptedError(done + int(failed["Id"]), f"{failed['Code']}: {failed.get('Message')}")
            done += len(messages)


def _requests(entries: Sequence[Entry]) -> Iterator[list[SendMessageBatchRequestEntryTypeDef]]:
    for each_once in _runs(entries):
        for batch in batches(map(_message, each_once), lambda message: message["MessageBody"]):
            yield [message | {"Id": str(position)} for position, message in enumerate(batch)]


def _runs(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Cut entries, in order, where a dragon would come a second time."""
    run: dict[str, Entry] = {}
    for entry in entries:
        if entry.dragon_name in run:
            yield list(run.values())
            run = {}
        run[entry.dragon_name] = entry
    yield list(run.values())


def _message(entry: Entry) -> SendMessageBatchRequestEntryTypeDef:
    return {
        "Id": "",
        "MessageBody": to_message(entry),
        "MessageGroupId": _hash(entry.dragon_name),  # a name may be of any characters
        "MessageDeduplicationId": _fitting(entry.event.event_id),
    }


def _fitting(event_id: str) -> str:
    """An id in what SQS takes: 128 characters of ASCII, no space."""
    return event_id if re.fullmatch("[!-~]{1,128}", event_id) else _hash(event_id)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
