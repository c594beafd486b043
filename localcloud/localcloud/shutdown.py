"""The end of the local cloud: at once.

LocalStack would wait for its services' threads, and Python would then take its memory apart object by object:
ten seconds and more in a cloud that was used. Nothing is lost by not waiting, since all state is in memory.
"""

import contextlib
import os
import signal

import psutil
from localstack.runtime import get_current_runtime, hooks

_BEFORE_ALL_OTHERS = 1000


@hooks.on_infra_shutdown(name="end_at_once", priority=_BEFORE_ALL_OTHERS)  # type: ignore[untyped-decorator]
def end_at_once() -> None:
    """Kill the functions' processes with all they have started, then end this process.

    They end with this process by themselves, but not while they are deep in C code.
    """
    for function in psutil.Process().children():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(function.pid, signal.SIGKILL)
    os._exit(get_current_runtime().exit_code)
