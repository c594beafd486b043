"""Writes a stage's access log: one line a request, whatever became of it.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html and
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html

Left out: Firehose as the destination, execution logs, and the variables `authorize`, `authenticate`, `waf`
and `customDomain` (they are `-`).
"""

import time
from collections.abc import Callable
from typing import Any

from localstack.services.apigateway.next_gen.execute_api.helpers import parse_trace_id

from localcloud.gateway.access_log import integration_variables, log_entry, response_variables
from localcloud.gateway.log_delivery import Entry


class AccessLogger:
    """A response handler; replaces LocalStack's counter of integrations, which feeds its own statistics.

    Args:
        submit: Takes a line for delivery, without waiting for it.
    """

    def __init__(self, submit: Callable[[Entry], None]) -> None:
        self._submit = submit

    def __call__(self, chain: Any, context: Any, response: Any) -> None:  # noqa: ARG002 - a handler
        """Render the line, if the stage has an access log."""
        now = round(time.time() * 1000)
        settings = (context.stage_configuration or {}).get("accessLogSettings")
        stream = f"{context.api_id}_{context.stage}"
        if entry := log_entry(settings, stream, now, lambda: log_variables(context, response, now)):
            self._submit(entry)


def log_variables(context: Any, response: Any, now: int) -> dict[str, Any]:
    """What a format may name below `$context`.

    Args:
        context: The invocation, which may have failed at any step.
        response: What the caller gets.
        now: Milliseconds since the epoch.
    """
    variables: dict[str, Any] = dict(context.context_variables or {})
    logged: Any = context.logging_context_variables or {}
    latency = now - variables.get("requestTimeEpoch", now)
    return {
        **variables,
        **integration_variables(logged.get("integration") or {}),
        **response_variables(latency, len(response.data), response.status_code),
        "authorizer": {**(logged.get("authorizer") or {}), **(variables.get("authorizer") or {})},
        "xrayTraceId": parse_trace_id(context.trace_id or "").get("Root"),
    }
