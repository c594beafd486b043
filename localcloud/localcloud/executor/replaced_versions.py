"""Invocations at work when a function's code or settings are replaced: they end with what they began with.

LocalStack stops the replaced version with all its processes, and removes its code; AWS does neither.
Source: https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
A function that is deleted still ends at once. Left out: provisioned concurrency.
"""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from localstack.aws.api.lambda_ import State
from localstack.services.lambda_.invocation import lambda_service
from localstack.services.lambda_.invocation.lambda_service import LambdaService
from localstack.services.lambda_.invocation.version_manager import LambdaVersionManager
from localstack.utils.patch import patch

_changed = threading.Condition()
_at_work: Counter[str] = Counter()  # by the version's id
_successors: WeakKeyDictionary[LambdaVersionManager, LambdaVersionManager] = WeakKeyDictionary()


def let_invocations_end() -> None:
    """Keep a replaced version, its processes and its code until its last invocation has ended."""
    for original, correction in (
        (LambdaService.update_version_state, _update),
        (LambdaService.stop_version, _delete),
        (LambdaVersionManager.invoke, _invoke),
        (LambdaVersionManager.stop, _stop),
        (lambda_service.destroy_code_if_not_used, _destroy),
    ):
        patch(original)(correction)  # type: ignore[no-untyped-call]


def _update(original: Any, self: LambdaService, function_version: Any, new_state: Any) -> None:
    arn = function_version.qualified_arn
    old, new = self.lambda_running_versions.get(arn), self.lambda_starting_versions.get(arn)
    if old and new and new_state.state == State.Active:
        with _changed:
            _successors[old] = new
    original(self, function_version, new_state)


def _delete(original: Any, self: LambdaService, qualified_arn: str) -> None:
    with _changed:
        for replaced in [old for old in _successors if old.function_arn == qualified_arn]:
            del _successors[replaced]
        _changed.notify_all()
    original(self, qualified_arn)


def _invoke(original: Any, self: LambdaVersionManager, **invocation: Any) -> Any:
    with _changed:
        while self in _successors:  # replaced since the caller looked it up
            self = _successors[self]
        _at_work[self.id] += 1
    try:
        return original(self, **invocation)
    finally:
        with _changed:
            _at_work[self.id] -= 1
            _changed.notify_all()


def _stop(original: Any, self: LambdaVersionManager) -> None:
    _when(lambda: self not in _successors or not _at_work[self.id], lambda: original(self))


def _destroy(original: Any, code: Any, function: Any) -> None:
    def unused() -> bool:
        return not any(_at_work[old.id] and old.function_version.config.code == code for old in _successors)

    _when(unused, lambda: original(code, function))


def _when(condition: Callable[[], bool], action: Callable[[], None]) -> None:
    """Act once the condition holds, without holding up LocalStack's few threads for such work."""

    def act() -> None:
        with _changed:
            _changed.wait_for(condition)
        action()

    threading.Thread(target=act, daemon=True, name="lambda-replaced-version").start()
