"""When a Standard workflow's task begins, and how a DynamoDB task times out.

A task begins when one of a few slots is free, before its timeout runs. Thousands of executions at once would
otherwise call Lambda at once, beyond its concurrency, and most of each task's timeout would pass in queues.
On AWS, there is room for them. Tasks that wait for others hold no slot: callbacks, jobs that are waited for,
activities, and the tasks of Express workflows, which a task's function may wait for.

A DynamoDB task that takes longer than its TimeoutSeconds fails with States.Timeout, as others do, and one
whose Arguments cannot be evaluated with States.QueryEvaluationError; LocalStack words both as
`DynamoDB.AmazonDynamoDBException`, so that a Retry or a Catch does not see them.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from localstack.aws.api.stepfunctions import StateMachineType
from localstack.services.stepfunctions.asl.component.common.error_name.failure_event import (
    FailureEventException,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.execute_state import (
    ExecutionState,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import (
    resource as resources,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import (
    state_task_service_dynamodb as dynamodb,
)
from localstack.utils import patch as patching

from localcloud.executor.process_queue import ProcessQueue

_SLOTS = 32


def apply() -> None:
    """Wrap the evaluation of a state, where its timeout begins, and correct the timeouts."""
    slots = ProcessQueue(_SLOTS)

    def evaluate(fn: Callable[..., None], state: Any, env: Any) -> None:
        with slots.place() if _calls_and_returns(state, env) else nullcontext():
            fn(state, env=env)

    patch: Any = patching.patch
    patch(ExecutionState._evaluate_with_timeout)(evaluate)
    correct_timeouts()


def correct_timeouts() -> None:
    """Wrap what words the errors of a DynamoDB task."""
    patch: Any = patching.patch
    patch(dynamodb.StateTaskServiceDynamoDB._from_error)(_timeout_first)


def _calls_and_returns(state: Any, env: Any) -> bool:
    resource = getattr(state, "resource", None)
    if env.execution_type != StateMachineType.STANDARD:
        return False
    if isinstance(resource, resources.ServiceResource):
        return resource.condition is None
    return isinstance(resource, resources.LambdaResource)


def _timeout_first(fn: Callable[..., Any], task: Any, env: Any, ex: Exception) -> Any:
    if isinstance(ex, TimeoutError):
        return task._get_timed_out_failure_event(env)
    if isinstance(ex, FailureEventException):
        return ex.failure_event
    return fn(task, env=env, ex=ex)
