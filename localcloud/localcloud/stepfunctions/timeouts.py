"""A DynamoDB task that takes longer than its TimeoutSeconds fails with States.Timeout, as others do.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
LocalStack words it as `DynamoDB.AmazonDynamoDBException`, so that a Retry on States.Timeout does not see it.
"""

from collections.abc import Callable
from typing import Any

from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import (
    state_task_service_dynamodb as dynamodb,
)
from localstack.utils import patch as patching


def apply() -> None:
    """Wrap what words the errors of a DynamoDB task."""
    patch: Any = patching.patch
    patch(dynamodb.StateTaskServiceDynamoDB._from_error)(_timeout_first)


def _timeout_first(fn: Callable[..., Any], task: Any, env: Any, ex: Exception) -> Any:
    if isinstance(ex, TimeoutError):
        return task._get_timed_out_failure_event(env)
    return fn(task, env=env, ex=ex)
