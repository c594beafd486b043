"""Execution names as Step Functions takes them, one execution a name, and what is kept of an ended one.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html: a bad name is
InvalidName; a running execution's name with its own input gives that execution again; anything else under a
name already taken is ExecutionAlreadyExists. Recorded in LocalStack's tests/aws/services/stepfunctions/v2:
test_sfn_api.snapshot.json, test_start_execution_idempotent; test_sfn_api_activities.snapshot.json,
test_create_activity_invalid_name (the characters).

Other than there: a name that is empty or longer than 80 characters is InvalidName too (on AWS, a
ValidationException). An ended execution keeps its status, input, output and history as long as the cloud runs
(on AWS for 90 days: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). Left out:
names can be used again after 90 days; DescribeExecution still takes a name beyond ASCII letters, digits, `.`,
`_` and `-` for a bad ARN.
"""

import pickle
import threading
import zlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from localstack.aws.api.stepfunctions import InvalidName
from localstack.services.stepfunctions.backend.alias import Alias
from localstack.services.stepfunctions.backend.execution import (
    BaseExecutionWorkerCommunication,
    Execution,
)
from localstack.services.stepfunctions.backend.state_machine import StateMachineInstance
from localstack.services.stepfunctions.provider import StepFunctionsProvider
from localstack.utils import patch as patching

from localcloud.stepfunctions import callbacks

MAX_NAME_LENGTH = 80

_FORBIDDEN = frozenset('<>{}[]?*"#%\\^|~`$&,;:/')
_FORBIDDEN_RANGES = (
    (0x00, 0x1F),
    (0x7F, 0x9F),
    (0xD800, 0xDFFF),
    (0xFFFE, 0xFFFF),
    (0x10FFFF, 0x10FFFF),
)
_starting = threading.Lock()


def check_execution_name(name: str | None) -> None:
    """Check the name of an execution to be.

    Args:
        name: The name asked for; None lets Step Functions make one.

    Raises:
        InvalidName: Empty, longer than 80 characters, or with a character that is not allowed.
    """
    if name is None:
        return
    if not 1 <= len(name) <= MAX_NAME_LENGTH or any(map(_is_forbidden, name)):
        raise InvalidName(f"Invalid Name: '{name}'")


def _is_forbidden(character: str) -> bool:
    code = ord(character)
    return (
        character.isspace()
        or character in _FORBIDDEN
        or any(first <= code <= last for first, last in _FORBIDDEN_RANGES)
    )


def _start_one(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Look up and start under one lock: LocalStack does the two in separate steps."""
    check_execution_name(kwargs.get("name"))
    with _starting:
        return fn(*args, **kwargs)


def apply() -> None:
    """Wrap StartExecution, StartSyncExecution and DescribeStateMachine, and pack what has ended."""
    patch: Any = patching.patch
    patch(StepFunctionsProvider.start_execution)(_start_one)
    patch(StepFunctionsProvider.start_sync_execution)(_start_sync)
    patch(StateMachineInstance.describe)(_describe_with_tracing)
    keep_aliases()
    pack_ended()


def keep_aliases() -> None:
    """Let a state machine that has an alias be started by its own ARN, too.

    LocalStack copies the state machine, with its aliases, whose locks cannot be copied: InternalError.
    """
    copied: Any = Alias
    copied.__deepcopy__ = lambda alias, _memo: alias


def pack_ended() -> None:
    """Wrap what is told of the end of an execution that nobody waits for."""
    patch: Any = patching.patch
    patch(BaseExecutionWorkerCommunication.terminated)(_terminated)


def _start_sync(
    fn: Callable[..., Any], provider: Any, context: Any, state_machine_arn: str, **kwargs: Any
) -> Any:
    """Start a version by its alias, too; without a lock, which would keep every other from starting.

    Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html
    """
    check_execution_name(kwargs.get("name"))
    alias = provider.get_store(context).aliases.get(state_machine_arn)
    return fn(provider, context, alias.sample() if alias else state_machine_arn, **kwargs)


def _describe_with_tracing(fn: Callable[..., Any], machine: StateMachineInstance) -> Any:
    """LocalStack keeps the tracing configuration and leaves it out of the description.

    Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html
    """
    described = fn(machine)
    described["tracingConfiguration"] = machine.tracing_config or {"enabled": False}
    return described


class History:
    """The events of an ended execution, packed: there are more than twenty for ten states.

    It stands in for LocalStack's event manager.
    """

    def __init__(self, events: list[Any]) -> None:
        self._packed = zlib.compress(pickle.dumps(events), level=1)

    def get_event_history(self) -> Any:
        """The events, as they were."""
        return pickle.loads(zlib.decompress(self._packed))  # noqa: S301 - we packed them


def _terminated(terminate: Callable[[Any], None], communication: Any) -> None:
    terminate(communication)
    if type(communication.execution) is Execution:
        _shed(communication.execution)


def _shed(execution: Any) -> None:
    """Keep what is asked of an ended execution, and nothing of its evaluation; to stop it does nothing."""
    env = execution.exec_worker.env
    callbacks.close(env.callback_pool_manager)
    kept = SimpleNamespace(
        event_manager=History(env.event_manager.get_event_history()),
        callback_pool_manager=env.callback_pool_manager,
        map_run_record_pool_manager=env.map_run_record_pool_manager,
    )
    execution.exec_worker = SimpleNamespace(env=kept, stop=lambda **_options: None)
