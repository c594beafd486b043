"""Recursion protection: a chain of events in which a function invokes itself is stopped after 16 invocations.

Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
Each invocation is counted, by its function, in the field `Lineage` of the X-Ray header (`<hash>:<count>`,
several with `|` between them). A function's AWS SDK sends the header on, SQS keeps it with the message
(AWSTraceHeader), and the event source hands it to the next invocation: of a batch, that of the message that
has come furthest. One invocation too many is refused: the message goes back, and in the end to its queue's
dead-letter queue.
Left out: chains through SNS and S3, which LocalStack does not hand the header on to, the dead-letter queue of
an asynchronous invocation, and the metric RecursiveInvocationsDropped.
"""

import threading
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from localstack.aws.api.lambda_ import RecursiveInvocationException, RecursiveLoop
from localstack.services.lambda_.event_source_mapping.senders.lambda_sender import LambdaSender
from localstack.services.lambda_.invocation.lambda_service import LambdaService
from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.utils.patch import patch
from localstack.utils.xray.trace_header import TraceHeader

LIMIT = 16
_sending = threading.local()


def stop_loops() -> None:
    """Count the invocations of a chain, and refuse those beyond the limit."""
    patch(LambdaSender.send_events)(_send)  # type: ignore[no-untyped-call]
    patch(LambdaService.invoke)(_invoke)  # type: ignore[no-untyped-call]


def furthest(headers: Iterable[str]) -> str:
    """The X-Ray header of the function that was invoked most often; empty if there is none."""
    return max(headers, key=lambda header: max(_counts(_lineage(header)).values(), default=0), default="")


def counted(lineage: str, function: str) -> str | None:
    """Count one more invocation of a function, by what names it; none if that is one too many."""
    counts, name = _counts(lineage), f"{zlib.crc32(function.encode()):08x}"
    counts[name] = counts.get(name, 0) + 1
    return "|".join(f"{each}:{count}" for each, count in counts.items()) if counts[name] <= LIMIT else None


def _lineage(header: str) -> str:
    return TraceHeader.from_header_str(header).lineage or ""  # type: ignore[no-untyped-call]


def _counts(lineage: str) -> dict[str, int]:
    pairs = [part.rpartition(":") for part in lineage.split("|")]
    return {name: int(count) for name, _, count in pairs if count.isdecimal()}


def _send(original: Any, self: LambdaSender, events: Any) -> Any:
    records: list[Mapping[str, Any]] = events if isinstance(events, list) else [events]
    kept = [record.get("attributes", {}).get("AWSTraceHeader", "") for record in records]
    self.target_client.meta.events.register("before-call.lambda.Invoke", _hand_on, unique_id="lineage")
    _sending.header = furthest(kept)
    try:
        return original(self, events)
    finally:
        _sending.header = ""


def _hand_on(params: dict[str, Any], **_: Any) -> None:
    if header := getattr(_sending, "header", ""):
        params["headers"]["X-Amzn-Trace-Id"] = header


def _invoke(original: Any, self: LambdaService, **named: Any) -> Any:
    function = lambda_stores[named["account_id"]][named["region"]].functions.get(named["function_name"])
    header = (named.get("trace_context") or {}).get("aws_trace_header")
    if function and header:
        arn: str = function.latest().id.unqualified_arn()  # type: ignore[no-untyped-call]
        lineage = counted(header.lineage or "", arn)
        if lineage is None and function.recursive_loop == RecursiveLoop.Terminate:
            raise RecursiveInvocationException(f"{arn} has invoked itself too often and was stopped.")
        header._lineage = lineage or header.lineage
    return original(self, **named)
