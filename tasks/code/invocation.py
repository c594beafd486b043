"""One invocation: what came back, and what Lambda says of it.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html (LogType, FunctionError)
"""

import base64
import json
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.processes.steps import StepError

_DURATION = re.compile(r"\bDuration: ([0-9.]+) ms")


@dataclass(frozen=True)
class Invocation:
    """What an invocation came to.

    Attributes:
        result: What the function returned, or its error.
        failed: Whether it is an error, or the response of a failed HTTP request (5xx).
        log: The last 4 KB of its log.
        version: The version that ran.
        trace_id: X-Ray's, which the invocation was begun with.
    """

    result: Any
    failed: bool
    log: str
    version: str
    trace_id: str

    @property
    def duration_ms(self) -> str:
        """Milliseconds, as Lambda reports them; empty if the log does not say."""
        found = _DURATION.search(self.log)
        return found[1] if found else ""


def invoke(client: Any, function: str, event: bytes, qualifier: str | None = None) -> Invocation:
    """Invoke a function and wait for its end.

    Args:
        client: A client of Lambda.
        function: Its ARN or name.
        event: JSON.
        qualifier: A version or an alias, unless the ARN names one.
    """
    options = {"Qualifier": qualifier} if qualifier else {}
    # https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html (trace ids)
    trace_id = f"1-{int(time.time()):08x}-{secrets.token_hex(12)}"

    def trace(params: dict[str, Any], **_: Any) -> None:
        params["headers"]["X-Amzn-Trace-Id"] = f"Root={trace_id};Sampled=1"

    client.meta.events.register_first("before-call.lambda.Invoke", trace, unique_id="trace")
    response = client.invoke(FunctionName=function, Payload=event, LogType="Tail", **options)
    client.meta.events.unregister("before-call.lambda.Invoke", unique_id="trace")
    payload = response["Payload"].read()
    result = json.loads(payload) if payload else None
    log = base64.b64decode(response.get("LogResult", "")).decode(errors="replace")
    status = result.get("statusCode") if isinstance(result, dict) else None
    failed = "FunctionError" in response or (isinstance(status, int) and status >= 500)
    return Invocation(result, failed, log, response.get("ExecutedVersion", ""), trace_id)


def read_event(name: str) -> bytes:
    """Read the file of the input EVENT.

    Raises:
        StepError: It is missing, cannot be read, or is not JSON.
    """
    if not name:
        raise StepError("EVENT=<file> is missing", "for examples, ls tests/fixtures/events/smoke")
    try:
        event = Path(name).read_bytes()
    except OSError as error:
        raise StepError(
            f"EVENT={name}: {error.strerror}", "for examples, ls tests/fixtures/events/smoke"
        ) from error
    try:
        json.loads(event)
    except ValueError as error:
        raise StepError(f"EVENT={name} is not JSON: {error}") from error
    return event
