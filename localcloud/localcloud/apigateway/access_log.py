"""Writes a stage's access log: one line a request, whatever became of it.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html and
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html

Left out: Firehose as the destination, execution logs, and the variables `authorize`, `authenticate`, `waf`
and `customDomain` (they are `-`).
"""

import time
from collections.abc import Callable
from typing import Any

from localstack.runtime.shutdown import SHUTDOWN_HANDLERS
from localstack.services.apigateway.next_gen.execute_api import handlers
from localstack.services.apigateway.next_gen.execute_api.handlers.integration import IntegrationHandler
from localstack.services.apigateway.next_gen.execute_api.helpers import parse_trace_id

from localcloud.apigateway.integration import TimedIntegration
from localcloud.gateway.access_log import render
from localcloud.gateway.log_delivery import Entry, LogDelivery, put_log_events


class AccessLogger:
    """A response handler; replaces LocalStack's counter of integrations, which feeds its own statistics.

    Args:
        submit: takes a line for delivery, without waiting for it.
    """

    def __init__(self, submit: Callable[[Entry], None]) -> None:
        self._submit = submit

    def __call__(self, chain: Any, context: Any, response: Any) -> None:  # noqa: ARG002 - a handler
        """Render the line, if the stage has an access log."""
        settings = (context.stage_configuration or {}).get("accessLogSettings") or {}
        if not (settings.get("destinationArn") and settings.get("format")):
            return
        now = round(time.time() * 1000)
        line = render(settings["format"], log_variables(context, response, now))
        self._submit(Entry(settings["destinationArn"], f"{context.api_id}_{context.stage}", now, line))


class MeasuredIntegration(TimedIntegration):
    """Keeps how long the integration took and what it said; replaces LocalStack's handler."""

    def __call__(self, chain: Any, context: Any, response: Any) -> None:
        """Call the integration; MOCK has none behind it, so there is nothing to keep."""
        if context.integration["type"] == "MOCK":
            IntegrationHandler.__call__(self, chain, context, response)
            return
        measured: dict[str, Any] = {}
        context.logging_context_variables = {
            **(context.logging_context_variables or {}),
            "integration": measured,
        }
        started = time.monotonic()
        try:
            super().__call__(chain, context, response)
            measured.update(_statuses(context))
        except Exception as error:
            measured["error"] = str(error)
            raise
        finally:
            measured["latency"] = round((time.monotonic() - started) * 1000)


def _statuses(context: Any) -> dict[str, int]:
    """With a Lambda proxy the integration's own status is Lambda's, the other one what the function says."""
    status = context.endpoint_response["status_code"]
    proxied = context.integration["type"] == "AWS_PROXY"
    return {"status": status, "integrationStatus": 200 if proxied else status}


def log_variables(context: Any, response: Any, now: int) -> dict[str, Any]:
    """What a format may name below `$context`.

    Args:
        context: the invocation, which may have failed at any step.
        response: what the caller gets.
        now: milliseconds since the epoch.
    """
    variables: dict[str, Any] = dict(context.context_variables or {})
    logged: Any = context.logging_context_variables or {}
    integration = logged.get("integration") or {}
    arrived = variables.get("requestTimeEpoch", now)
    return variables | {
        "authorizer": {**(logged.get("authorizer") or {}), **(variables.get("authorizer") or {})},
        "integration": integration,
        "integrationErrorMessage": integration.get("error"),
        "integrationLatency": integration.get("latency"),
        "integrationStatus": integration.get("integrationStatus"),
        "responseLatency": max(0, now - arrived),
        "responseLength": len(response.data),
        "status": response.status_code,
        "xrayTraceId": parse_trace_id(context.trace_id or "").get("Root"),
    }


def apply() -> None:
    """Put both handlers into the chain; what is not yet delivered is when LocalStack stops."""
    delivery = LogDelivery(put_log_events)
    SHUTDOWN_HANDLERS.register(delivery.flush)
    handlers.integration_handler = MeasuredIntegration()
    counter: Any = AccessLogger(delivery.submit)
    handlers.usage_counter = counter
