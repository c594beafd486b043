"""A function that feeds its own queue is stopped, by the count in the X-Ray header that comes back to it."""

from collections.abc import Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from localstack.aws.api.lambda_ import RecursiveInvocationException, RecursiveLoop
from localstack.services.lambda_.event_source_mapping.senders.lambda_sender import LambdaSender
from localstack.services.lambda_.invocation.lambda_service import LambdaService
from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.utils.xray.trace_header import TraceHeader

from localcloud.executor import recursion
from localcloud.executor.recursion import LIMIT, counted, furthest

ACCOUNT, REGION = "000000000000", "us-east-1"
ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"
DONE = "LocalStack does this itself now: delete executor/recursion.py"


@given(st.lists(st.sampled_from("abc"), max_size=60))
def test_each_function_of_a_chain_is_counted_by_itself(chain: list[str]) -> None:
    lineage: str | None = ""
    for position, function in enumerate(chain):
        lineage = counted(lineage or "", function)
        if chain[: position + 1].count(function) > LIMIT:
            assert lineage is None
            return
        assert lineage is not None


@given(st.text())
def test_a_lineage_that_is_none_counts_as_the_first(text: str) -> None:
    assert counted(text, "a") or ":" in text


def test_of_a_batch_the_furthest_counts() -> None:
    headers = ["Root=1;Lineage=a:3", "", "Root=2", "Root=3;Lineage=b:1|a:9", "Root=4;Lineage=c:8"]
    assert furthest(headers) == "Root=3;Lineage=b:1|a:9"
    assert furthest([]) == ""


class Queue:
    """A queue, its function, and the event source between them; the function sends to its own queue."""

    def __init__(self, loop: RecursiveLoop) -> None:
        name = SimpleNamespace(unqualified_arn=lambda: ARN)
        function = SimpleNamespace(latest=lambda: SimpleNamespace(id=name), recursive_loop=loop)
        lambda_stores[ACCOUNT][REGION].functions["f"] = cast("Any", function)
        self.messages: list[str] = [""]  # by their trace headers
        self.invocations = 0
        self._hooks: list[Any] = []
        self.meta = SimpleNamespace(events=self)

    def register(self, name: str, hook: Any, unique_id: str) -> None:
        assert (name, unique_id) == ("before-call.lambda.Invoke", "lineage")
        self._hooks = [hook]

    def invoke(self, **_: Any) -> dict[str, Any]:
        """What a client does: a call over HTTP, whose header the service reads."""
        params: dict[str, Any] = {"headers": {}}
        for hook in self._hooks:
            hook(params)
        header = TraceHeader.from_header_str(params["headers"].get("X-Amzn-Trace-Id"))  # type: ignore[no-untyped-call]
        with suppress(AttributeError):  # the service that is no more than its first check
            LambdaService.invoke(
                cast("Any", SimpleNamespace()),
                function_name="f",
                qualifier="live",
                region=REGION,
                account_id=ACCOUNT,
                invocation_type=None,
                client_context=None,
                request_id="1",
                payload=b"",
                trace_context={"aws_trace_header": header},
            )
        self.invocations += 1
        self.messages.append(header.to_header_str())
        return {"Payload": SimpleNamespace(read=lambda: b"null"), "StatusCode": 200}

    def deliver(self) -> None:
        """Hand the first message to the function, and delete it once that has worked."""
        record = {"body": "", "attributes": {"AWSTraceHeader": self.messages[0]}}
        sender = LambdaSender(f"{ARN}:live", {}, self, payload_dict=True)  # type: ignore[no-untyped-call]
        sender.send_events([record])
        self.messages.pop(0)


@pytest.fixture
def _corrected(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(LambdaSender, "send_events", LambdaSender.send_events)
    monkeypatch.setattr(LambdaService, "invoke", LambdaService.invoke)
    recursion.stop_loops()
    yield
    lambda_stores[ACCOUNT][REGION].functions.pop("f", None)


@pytest.mark.usefixtures("_corrected")
def test_a_function_that_feeds_its_own_queue_is_stopped_and_the_message_stays() -> None:
    queue = Queue(RecursiveLoop.Terminate)
    for _ in range(LIMIT):
        queue.deliver()
    for _ in range(2):  # until SQS has it in the dead-letter queue
        with pytest.raises(RecursiveInvocationException, match="has invoked itself too often"):
            queue.deliver()
    assert (queue.invocations, len(queue.messages)) == (LIMIT, 1)


@pytest.mark.usefixtures("_corrected")
def test_one_that_is_meant_to_is_let_go_on() -> None:
    queue = Queue(RecursiveLoop.Allow)
    for _ in range(40):
        queue.deliver()
    assert queue.invocations == 40


def test_localstack_lets_it_go_on() -> None:
    queue = Queue(RecursiveLoop.Terminate)
    try:
        for _ in range(40):
            queue.deliver()
    finally:
        lambda_stores[ACCOUNT][REGION].functions.pop("f", None)
    assert queue.invocations == 40, DONE
