"""What integrations of every type have: a time limit, and stage variables in their URI.

Source: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations-integrationid.html
"""

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from localcloud_plugin.apigatewayv2.invocation import Invocation

MAX_MILLISECONDS = 30_000

_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.([\w]+)\}")


def within[**P, T](limits: Mapping[str, Any], call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call in a thread of its own, which goes on to its end if the caller no longer waits.

    Raises:
        TimeoutError: It takes longer than the integration's `timeoutInMillis`.
    """
    thread, context = ThreadPoolExecutor(1, "integration"), copy_context()
    future = thread.submit(lambda: context.run(call, *args, **kwargs))
    thread.shutdown(wait=False)
    return future.result(min(limits.get("timeoutInMillis") or MAX_MILLISECONDS, MAX_MILLISECONDS) / 1000)


def substitute_stage_variables(uri: str, invocation: Invocation) -> str:
    """Put the stage's variables in place of `${stageVariables.x}`; one that is not set is empty."""
    return _STAGE_VARIABLE.sub(lambda match: invocation.stage_variables.get(match[1], ""), uri)
