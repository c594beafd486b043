"""What integrations of every type have: a time limit, and stage variables in their URI.

Source: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations-integrationid.html
"""

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from localcloud_plugin.apigatewayv2.invocation import Invocation

MAX_TIMEOUT_SECONDS = 30.0

_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.([\w]+)\}")


def within[**P, T](seconds: float, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call in a thread of its own, which goes on to its end if the caller no longer waits.

    Raises:
        TimeoutError: It takes longer than that.
    """
    thread, context = ThreadPoolExecutor(1, "integration"), copy_context()
    future = thread.submit(lambda: context.run(call, *args, **kwargs))
    thread.shutdown(wait=False)
    return future.result(seconds)


def timeout_seconds(integration: Mapping[str, Any]) -> float:
    """How long to wait for an answer."""
    milliseconds = integration.get("timeoutInMillis")
    return min(milliseconds / 1000, MAX_TIMEOUT_SECONDS) if milliseconds else MAX_TIMEOUT_SECONDS


def substitute_stage_variables(uri: str, invocation: Invocation) -> str:
    """Put the stage's variables in place of `${stageVariables.x}`; one that is not set is empty."""
    return _STAGE_VARIABLE.sub(lambda match: invocation.stage_variables.get(match[1], ""), uri)
