"""Writes a stage's access log: one line a request, whatever became of it.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
"""

import time

from localstack.runtime.shutdown import SHUTDOWN_HANDLERS

from localcloud.apigatewayv2.context_variables import context_variables
from localcloud.apigatewayv2.invocation import Invocation
from localcloud.apigatewayv2.response import Answer
from localcloud.gateway.access_log import render
from localcloud.gateway.log_delivery import Entry, LogDelivery, put_log_events


class AccessLog:
    """Delivers lines in the background; what is not yet delivered is when LocalStack stops."""

    def __init__(self) -> None:
        self._delivery = LogDelivery(put_log_events)
        SHUTDOWN_HANDLERS.register(self._delivery.flush)

    def __call__(self, invocation: Invocation, answer: Answer) -> None:
        """Log the request, if its stage has an access log."""
        if entry := log_entry(invocation, answer, round(time.time() * 1000)):
            self._delivery.submit(entry)


def log_entry(invocation: Invocation, answer: Answer, now: int) -> Entry | None:
    """Render the line of a request; None if its stage has no access log.

    Args:
        invocation: The request, which may have failed at any step.
        answer: What the caller gets.
        now: Milliseconds since the epoch.
    """
    settings = invocation.stage.get("accessLogSettings") or {}
    if not (settings.get("destinationArn") and settings.get("format")):
        return None
    variables = context_variables(invocation) | {
        "responseLatency": max(0, now - invocation.arrived),
        "responseLength": len(answer.body),
        "status": answer.status,
    }
    stream = f"{invocation.api.api_id}_{invocation.stage['stageName']}"
    return Entry(settings["destinationArn"], stream, now, render(settings["format"], variables))
