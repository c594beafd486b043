"""Writes a stage's access log: one line a request, whatever became of it.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
"""

import time
from collections.abc import Callable

from localcloud.apigatewayv2.context_variables import context_variables
from localcloud.apigatewayv2.invocation import Invocation
from localcloud.apigatewayv2.response import Response
from localcloud.gateway import access_log
from localcloud.gateway.log_delivery import Entry


class AccessLogger:
    """Logs requests whose stage has an access log.

    Args:
        submit: Takes a line for delivery, without waiting for it.
    """

    def __init__(self, submit: Callable[[Entry], None]) -> None:
        self._submit = submit

    def __call__(self, invocation: Invocation, response: Response) -> None:
        """Log the request."""
        if entry := log_entry(invocation, response, round(time.time() * 1000)):
            self._submit(entry)


def log_entry(invocation: Invocation, response: Response, now: int) -> Entry | None:
    """Render the line of a request; None if its stage has no access log.

    Args:
        invocation: The request, which may have failed at any step.
        response: What the caller gets.
        now: Milliseconds since the epoch.
    """
    own = access_log.response_variables(now - invocation.arrived, len(response.body), response.status)
    stream = f"{invocation.api.api_id}_{invocation.stage['stageName']}"
    settings = invocation.stage.get("accessLogSettings")
    return access_log.log_entry(settings, stream, now, lambda: context_variables(invocation) | own)
