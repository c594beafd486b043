"""A Standard workflow's task begins when one of a few slots is free, before its timeout runs.

Thousands of executions at once would otherwise call Lambda at once, beyond its concurrency, and most of each
task's timeout would pass in queues. On AWS, there is room for them.

Tasks that wait for others hold no slot: callbacks, jobs that are waited for, activities, and the tasks of
Express workflows, which a task's function may wait for.
"""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from localstack.aws.api.stepfunctions import StateMachineType
from localstack.services.stepfunctions.asl.component.state.state_execution.execute_state import (
    ExecutionState,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import (
    resource as resources,
)
from localstack.utils import patch as patching

from localcloud.executor.process_queue import ProcessQueue

_SLOTS = 32


def apply() -> None:
    """Wrap the evaluation of a state, where its timeout begins."""
    slots = ProcessQueue(_SLOTS)

    def evaluate(fn: Callable[..., None], state: Any, env: Any) -> None:
        with slots.place() if _calls_and_returns(state, env) else nullcontext():
            fn(state, env=env)

    patch: Any = patching.patch
    patch(ExecutionState._evaluate_with_timeout)(evaluate)


def _calls_and_returns(state: Any, env: Any) -> bool:
    resource = getattr(state, "resource", None)
    if env.execution_type != StateMachineType.STANDARD:
        return False
    if isinstance(resource, resources.ServiceResource):
        return resource.condition is None
    return isinstance(resource, resources.LambdaResource)
