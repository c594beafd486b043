"""A task's token is good for one answer and one try, and a lost heartbeat has a name of its own.

The token of a task that has been answered, has timed out, or whose execution has ended is TaskTimedOut.
LocalStack takes another answer in silence, a failure even after the execution's end; gives each retry the
token of the first try; words a lost heartbeat as States.Timeout; lets what is stopped wait on; does not
stop what has not entered its first state yet.

Sources: https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html;
https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html;
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html (States.HeartbeatTimeout).

Left out: after the execution's end, SendTaskSuccess and SendTaskHeartbeat answer InvalidToken; what was
stopped while it waited has TaskTimedOut in its history.
"""

import threading
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from localstack.aws.api.stepfunctions import TaskTimedOut
from localstack.services.stepfunctions.asl.component.common.error_name import states_error_name as names
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.execute_state import (
    ExecutionState,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task import (
    state_task,
    state_task_activitiy,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import (
    resource as resources,
)
from localstack.services.stepfunctions.asl.eval.callback import callback
from localstack.services.stepfunctions.asl.eval.environment import Environment
from localstack.services.stepfunctions.asl.eval.program_state import ProgramStopped
from localstack.services.stepfunctions.backend.execution_worker import ExecutionWorker
from localstack.utils import patch as patching
from localstack.utils.sync import poll_condition

_BEGINS_WITHIN_SECONDS = 10

_answering = threading.Lock()
_closed = WeakSet[callback.CallbackPoolManager]()


def apply() -> None:
    """Wrap what takes answers and heartbeats, what words errors, what begins a try, and what stops."""
    patch: Any = patching.patch
    patch(callback.CallbackPoolManager.add)(_unless_closed)
    patch(callback.CallbackPoolManager.notify)(_once)
    patch(callback.CallbackPoolManager.heartbeat)(_once)
    patch(state_task.StateTask._from_error)(_heartbeat_by_name)
    patch(state_task_activitiy.StateTaskActivity._from_error)(_heartbeat_by_name)
    patch(ExecutionState._evaluate_with_timeout)(_with_its_own_token)
    patch(ExecutionWorker.stop)(_stop)
    patch(Environment.set_error)(_unless_stopped)


def close(pool: callback.CallbackPoolManager) -> None:
    """End the waiting of all tasks of an execution, of those too that are about to wait."""
    _closed.add(pool)
    for endpoint in list(pool._pool.values()):
        endpoint.interrupt_all()


def _unless_closed(fn: Callable[..., Any], pool: Any, callback_id: str) -> Any:
    endpoint = fn(pool, callback_id)
    if pool in _closed:
        endpoint.interrupt_all()
    return endpoint


def _once(fn: Callable[..., bool], pool: Any, callback_id: str, **given: Any) -> bool:
    with _answering:
        endpoint = pool.get(callback_id)
        if endpoint is not None and endpoint._notify_event.is_set():
            raise TaskTimedOut("Task Timed Out: 'Provided task does not exist anymore'")
        return fn(pool, callback_id=callback_id, **given)


def _heartbeat_by_name(fn: Callable[..., Any], task: Any, env: Any, ex: Exception) -> Any:
    failure = fn(task, env=env, ex=ex)
    if isinstance(ex, callback.HeartbeatTimeoutError):
        failure.error_name = names.StatesErrorName(typ=StatesErrorNameType.StatesHeartbeatTimeout)
        [details] = failure.event_details.values()
        details["error"] = failure.error_name.error_name
    return failure


def _with_its_own_token(fn: Callable[..., None], state: Any, env: Any) -> None:
    condition = getattr(getattr(state, "resource", None), "condition", None)
    context = env.states.context_object
    if (
        condition == resources.ResourceCondition.WaitForTaskToken
        and context.context_object_data["State"]["RetryCount"]
    ):
        env.callback_pool_manager.add(context.update_task_token())
    fn(state, env=env)


def _stop(fn: Callable[..., None], worker: Any, **given: Any) -> None:
    poll_condition(lambda: _has_begun(worker.env), timeout=_BEGINS_WITHIN_SECONDS, interval=0.01)
    fn(worker, **given)
    close(worker.env.callback_pool_manager)


def _has_begun(env: Environment | None) -> bool:
    return env is not None and env.program_state() is not None


def _unless_stopped(fn: Callable[..., None], env: Any, **given: Any) -> None:
    """What a task that was woken by the stop ends with is no failure of the execution."""
    if not isinstance(env.program_state(), ProgramStopped):
        fn(env, **given)
