"""Batches of a stream: split, retried, given up; nothing lost and nothing out of order."""

from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st
from localstack.services.lambda_.event_source_mapping.event_processor import (
    BatchFailureError,
    PartialBatchFailureError,
)
from localstack.services.lambda_.event_source_mapping.pollers.stream_poller import StreamPoller

from localcloud.executor.stream_batches import forward_events

MAX_RETRIES = 2


class Poller:
    """A poller without a stream, whose function fails on the poisoned records.

    The parts that LocalStack's StreamPoller does well are its own.
    """

    source_arn = "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s"
    bisect_events = StreamPoller.bisect_events
    max_retries_exceeded = StreamPoller.max_retries_exceeded
    stream_parameters = {"MaximumRetryAttempts": MAX_RETRIES}  # noqa: RUF012

    def __init__(self, poisoned: set[int], reports_items: bool, error: type[Exception]) -> None:
        self.poisoned = poisoned
        self.reports_items = reports_items
        self.error = error
        self.batches: list[list[int]] = []
        self.processed: list[int] = []
        self.given_up: list[list[int]] = []
        self.processor = self
        self._is_shutdown = SimpleNamespace(is_set=lambda: False, wait=lambda _seconds: None)

    def transform_into_events(self, records: list[Any], _shard_id: str) -> list[Any]:
        return records

    def pre_filter(self, events: list[Any]) -> list[Any]:
        return events

    filter_events = post_filter = add_source_metadata = pre_filter

    def get_sequence_number(self, event: dict[str, Any]) -> str:
        return str(event["number"])

    def process_events_batch(self, events: list[dict[str, Any]]) -> None:
        numbers = [event["number"] for event in events]
        self.batches.append(numbers)
        bad = next((number for number in numbers if number in self.poisoned), None)
        if bad is None:
            self.processed += numbers
        elif not self.reports_items:
            raise self.error("failed")
        else:
            self.processed += numbers[: numbers.index(bad)]
            report: Any = {"batchItemFailures": [{"itemIdentifier": str(bad)}]}
            raise PartialBatchFailureError(error={}, partial_failure_payload=report)

    def generate_event_failure_context(self, **context: Any) -> dict[str, Any]:
        return context

    def send_events_to_dlq(
        self, _shard_id: str, events: list[dict[str, Any]], context: dict[str, Any]
    ) -> None:
        assert context["abort_condition"] == "RetryAttemptsExhausted"
        assert context["attempts_count"] == MAX_RETRIES + 1
        self.given_up.append([event["number"] for event in events])


def deliver(
    size: int, poisoned: set[int], reports: bool, error: type[Exception] = BatchFailureError
) -> Poller:
    poller = Poller(poisoned, reports, error)
    forward_events(cast("StreamPoller", poller), "shard", [{"number": n} for n in range(size)])
    return poller


@given(st.integers(0, 40), st.sets(st.integers(0, 39)), st.booleans())
def test_only_poisoned_records_are_given_up_each_alone(size: int, poisoned: set[int], reports: bool) -> None:
    poller = deliver(size, poisoned, reports)

    assert poller.processed == [number for number in range(size) if number not in poisoned]
    assert poller.given_up == [[number] for number in range(size) if number in poisoned]


def test_a_failed_batch_is_split_and_a_single_record_retried() -> None:
    poller = deliver(4, {1}, reports=False)
    assert poller.batches == [[0, 1, 2, 3], [0, 1], [0], [1], [1], [1], [2, 3]]


def test_a_reported_item_is_where_delivery_goes_on() -> None:
    poller = deliver(4, {1}, reports=True)
    assert poller.batches == [[0, 1, 2, 3], [1, 2, 3], [1], [1], [1], [2, 3]]


def test_an_unexpected_error_is_retried_and_splits_nothing() -> None:
    poller = deliver(2, {1}, reports=False, error=OSError)
    assert poller.batches == [[0, 1]] * (MAX_RETRIES + 1)
    assert poller.given_up == [[0, 1]]
