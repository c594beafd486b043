"""An alias' configuration of asynchronous invocations, of which LocalStack's own handling knows nothing."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from localstack.services.lambda_.invocation import event_manager
from localstack.services.lambda_.invocation.event_manager import Poller, SQSInvocation

from localcloud.executor.asynchronous import _handle

ARN = "arn:aws:lambda:us-east-1:000000000000:function:f"


class FailingVersion:
    """Version 7 of a function, which fails; `live` is to try once, and version 7 three times."""

    def __init__(self) -> None:
        self.function_arn = ARN
        config = SimpleNamespace(
            capacity_provider_config=None, runtime="python3.13", package_type="Zip", timeout=1
        )
        self.function_version = SimpleNamespace(id=SimpleNamespace(qualifier="7"), config=config)
        configured = SimpleNamespace(maximum_retry_attempts=0, maximum_event_age_in_seconds=None)
        self.function = SimpleNamespace(event_invoke_configs={"live": configured})
        self.function.reserved_concurrent_executions = None

    def invoke(self, invocation: Any) -> Any:
        return SimpleNamespace(is_error=True, request_id="id", payload=b"{}")


def _decode(arn: str) -> SQSInvocation:
    invocation: Any = SimpleNamespace(invoked_arn=arn, request_id="id", invoke_time=datetime.now())
    return SQSInvocation(invocation, retries=0, exception_retries=0)


@pytest.fixture
def poller(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What handles the version's events; it notes what came of them."""
    found: Any = Poller.__new__(Poller)
    found.version_manager, found.event_queue_url, found.came = FailingVersion(), "queue", []
    sqs = SimpleNamespace(
        delete_message=lambda **_: None, send_message=lambda **_: found.came.append("comes again")
    )
    monkeypatch.setattr(event_manager, "get_sqs_client", lambda _: sqs)
    monkeypatch.setattr(SQSInvocation, "encode", lambda _: "")
    monkeypatch.setattr(SQSInvocation, "decode", _decode)
    for kind in ("process_failure_destination", "process_dead_letter_queue"):
        monkeypatch.setattr(Poller, kind, lambda self, *_: self.came.append("given up"))
    return found


def message(arn: str) -> dict[str, str]:
    return {"Body": arn, "ReceiptHandle": "receipt"}


def test_an_alias_has_its_own_and_leaves_the_versions_alone(poller: Any) -> None:
    before = dict(poller.version_manager.function.event_invoke_configs)
    _handle(Poller.handle_message, poller, message(f"{ARN}:live"))
    assert set(poller.came) == {"given up"}
    poller.came.clear()
    for arn in (ARN, f"{ARN}:7", f"{ARN}:other"):
        _handle(Poller.handle_message, poller, message(arn))
    assert poller.came == ["comes again"] * 3
    assert poller.version_manager.function.event_invoke_configs == before


def test_localstack_does_not(poller: Any) -> None:
    Poller.handle_message(poller, message(f"{ARN}:live"))
    assert poller.came == ["comes again"], "LocalStack does this itself now: delete executor/asynchronous.py"
