"""Waits for an integration or an authorizer for so long; what was called goes on to its end.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html (integration timeouts)
"""

from collections.abc import Callable
from concurrent.futures import wait
from contextvars import copy_context
from typing import Any

from localstack.utils.threads import FuncThread


def within[**P, T](seconds: float, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call in a thread of its own: those that hang cannot use up a pool.

    Raises:
        TimeoutError: It takes longer.
    """
    context = copy_context()
    thread: Any = FuncThread(lambda _: context.run(call, *args, **kwargs), quiet=True)
    thread.start()
    if not wait([thread.result_future], seconds).done:
        raise TimeoutError
    result: T = thread.result_future.result()
    return result
