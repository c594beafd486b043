"""Delivery of a stream's batches with BisectBatchOnFunctionError, which LocalStack accepts and ignores.

Source: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
A batch that failed as a whole is split in two; one that reports its first failed item goes on from
there, and is split in two where that is its first item (a case the page leaves open). A split is no
retry. A single record is retried MaximumRetryAttempts times and then told to the on-failure
destination, and the records behind it go on.
Left out: MaximumRecordAgeInSeconds (LocalStack does not apply it to DynamoDB either).
"""

import logging
from dataclasses import dataclass
from types import MethodType
from typing import Any

from localstack.services.lambda_.event_source_mapping.esm_worker import EsmWorker
from localstack.services.lambda_.event_source_mapping.esm_worker_factory import EsmWorkerFactory
from localstack.services.lambda_.event_source_mapping.event_processor import (
    BatchFailureError,
    PartialBatchFailureError,
)
from localstack.services.lambda_.event_source_mapping.pollers.poller import get_batch_item_failures
from localstack.services.lambda_.event_source_mapping.pollers.stream_poller import StreamPoller

LOG = logging.getLogger(__name__)
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 60.0

Event = dict[str, Any]


@dataclass(frozen=True)
class Batch:
    """Consecutive events of a shard and how often they were retried as they are."""

    events: list[Event]
    retries: int = 0

    def halves(self) -> list["Batch"]:
        """Return the batch split in the middle."""
        middle = len(self.events) // 2
        return [
            Batch(self.events[:middle], self.retries),
            Batch(self.events[middle:], self.retries),
        ]


def bisect_failed_batches() -> None:
    """Make event source mappings with BisectBatchOnFunctionError do what it says."""
    original = EsmWorkerFactory.get_esm_worker

    def get_esm_worker(self: EsmWorkerFactory) -> EsmWorker:
        worker = original(self)
        if worker.esm_config.get("BisectBatchOnFunctionError"):
            forward = MethodType(forward_events, worker.poller)
            worker.poller.forward_events_to_target = forward  # type: ignore[attr-defined]
        return worker

    EsmWorkerFactory.get_esm_worker = get_esm_worker  # type: ignore[method-assign]


def forward_events(poller: StreamPoller, shard_id: str, records: list[Event]) -> None:
    """Deliver a shard's records to the function; stands in for the poller's own method."""
    events = poller.pre_filter(poller.transform_into_events(records, shard_id))
    matching = poller.post_filter(poller.filter_events(events))
    if not matching:
        return
    waiting = [Batch(poller.add_source_metadata(matching))]
    while waiting and not poller._is_shutdown.is_set():
        waiting.extend(reversed(_attempt(poller, shard_id, waiting.pop())))


def _attempt(poller: StreamPoller, shard_id: str, batch: Batch) -> list[Batch]:
    """Deliver a batch once; return what has to be delivered next, in order."""
    if batch.retries:
        pause = _FIRST_PAUSE_SECONDS * 2 ** min(batch.retries - 1, 10)
        poller._is_shutdown.wait(min(pause, _LONGEST_PAUSE_SECONDS))
    error: dict[str, Any] = {}
    remaining = batch.events
    try:
        poller.processor.process_events_batch(batch.events)
        return []
    except PartialBatchFailureError as failure:
        error = failure.error or {}
        remaining = _from_checkpoint(poller, batch.events, failure.partial_failure_payload)
    except BatchFailureError as failure:
        error = failure.error or {}
    except Exception:
        # As the poller's own method does: the mapping must survive a target that is being replaced.
        LOG.exception("unexpected error while delivering events of %s", poller.source_arn)
        return _retry_or_give_up(poller, shard_id, batch, error)
    if len(remaining) < len(batch.events):
        return [Batch(remaining, batch.retries)]
    if len(remaining) > 1:
        return batch.halves()
    return _retry_or_give_up(poller, shard_id, batch, error)


def _retry_or_give_up(
    poller: StreamPoller, shard_id: str, batch: Batch, error: dict[str, Any]
) -> list[Batch]:
    if not poller.max_retries_exceeded(batch.retries + 1):
        return [Batch(batch.events, batch.retries + 1)]
    context = poller.processor.generate_event_failure_context(
        abort_condition="RetryAttemptsExhausted", error=error, attempts_count=batch.retries + 1
    )
    poller.send_events_to_dlq(shard_id, batch.events, context)
    return []


def _from_checkpoint(poller: StreamPoller, events: list[Event], report: Any) -> list[Event]:
    """Return the events from the first reported one on; all of them for a report that is wrong."""
    numbers = {poller.get_sequence_number(event) for event in events}
    failed = get_batch_item_failures(report, numbers)
    if not failed:
        return events
    return poller.bisect_events(min(failed, key=int), events)[1]
