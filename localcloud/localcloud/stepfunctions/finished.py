"""An execution that has ended keeps its status, input, output and history, and nothing of its evaluation.

LocalStack keeps the whole environment: states, frames, variables, threads. The history is kept packed, since
an execution of ten states has more than twenty events.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: an ended execution can be
looked at for 90 days. Here it stays as long as the cloud runs.
"""

import pickle
import zlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from localstack.services.stepfunctions.backend.execution import (
    BaseExecutionWorkerCommunication,
    Execution,
)
from localstack.utils import patch as patching


class History:
    """The events of an ended execution, in the place of LocalStack's event manager."""

    def __init__(self, events: list[Any]) -> None:
        self._packed = zlib.compress(pickle.dumps(events), level=1)

    def get_event_history(self) -> Any:
        """The events, as they were."""
        return pickle.loads(zlib.decompress(self._packed))  # noqa: S301 - we packed them


def apply() -> None:
    """Wrap what is told of the end of an execution that nobody waits for."""
    patch: Any = patching.patch
    patch(BaseExecutionWorkerCommunication.terminated)(_terminated)


def _terminated(terminate: Callable[[Any], None], communication: Any) -> None:
    terminate(communication)
    if type(communication.execution) is Execution:
        _shed(communication.execution)


def _shed(execution: Any) -> None:
    """Keep what LocalStack asks of an ended execution; to stop it does nothing, as on AWS."""
    env = execution.exec_worker.env
    kept = SimpleNamespace(
        event_manager=History(env.event_manager.get_event_history()),
        callback_pool_manager=env.callback_pool_manager,
        map_run_record_pool_manager=env.map_run_record_pool_manager,
    )
    execution.exec_worker = SimpleNamespace(env=kept, stop=lambda **_options: None)
