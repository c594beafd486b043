"""What Lambda itself says about an invocation: log lines, and the payload of an error it found.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html (START, END, REPORT)
and https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html (Sandbox.Timedout);
recorded in LocalStack's tests/aws/services/lambda_/test_lambda.snapshot.json: test_invocation_with_logs,
test_lambda_invoke_with_timeout, test_lambda_runtime_exit, test_lambda_too_large_response.
Left out: the same lines as JSON (`LogFormat=JSON` formats what the function logs, not these).
"""

import json
import math
import signal
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Report:
    """The measures of one invocation; `init_ms` is None when the process was already there."""

    request_id: str
    duration_ms: float
    memory_size_mb: int
    peak_memory_bytes: int
    init_ms: float | None
    status: str | None


def start_line(request_id: str, version: str) -> str:
    """The line that opens an invocation's log."""
    return f"START RequestId: {request_id} Version: {version}\n"


def timeout_line(request_id: str, seconds: int) -> str:
    """The line that says the function took too long."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f"{now} {request_id} Task timed out after {seconds:.2f} seconds\n"


def closing_lines(report: Report) -> str:
    """The two lines that close an invocation's log."""
    fields = [
        f"REPORT RequestId: {report.request_id}",
        f"Duration: {report.duration_ms:.2f} ms",
        f"Billed Duration: {math.ceil(report.duration_ms + (report.init_ms or 0))} ms",
        f"Memory Size: {report.memory_size_mb} MB",
        f"Max Memory Used: {math.ceil(report.peak_memory_bytes / 2**20)} MB",
    ]
    if report.init_ms is not None:
        fields.append(f"Init Duration: {report.init_ms:.2f} ms")
    if report.status:
        fields.append(f"Status: {report.status}")
    return f"END RequestId: {report.request_id}\n" + "\t".join(fields) + "\t\n"


def timeout_error(request_id: str, seconds: int) -> bytes:
    """The payload of an invocation that took too long."""
    return _error("Sandbox.Timedout", request_id, f"Task timed out after {seconds:.2f} seconds")


def exit_error(request_id: str, returncode: int) -> bytes:
    """The payload of an invocation whose process ended; `returncode` is negative for a signal."""
    if returncode == 0:
        reason = "Runtime exited without providing a reason"
    elif returncode > 0:
        reason = f"Runtime exited with error: exit status {returncode}"
    else:
        name = (signal.strsignal(-returncode) or f"signal {-returncode}").lower()
        reason = f"Runtime exited with error: signal: {name}"
    return _error("Runtime.ExitError", request_id, reason)


def too_large_error(limit_bytes: int) -> bytes:
    """The payload of an invocation that returned more than Lambda carries."""
    reason = f"Response payload size exceeded maximum allowed payload size ({limit_bytes} bytes)."
    return json.dumps({"errorType": "Function.ResponseSizeTooLarge", "errorMessage": reason}).encode()


def _error(error_type: str, request_id: str, reason: str) -> bytes:
    message = f"RequestId: {request_id} Error: {reason}"
    return json.dumps({"errorType": error_type, "errorMessage": message}).encode()
