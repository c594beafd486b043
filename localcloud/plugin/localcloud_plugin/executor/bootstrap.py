"""What a function's process runs: AWS's runtime client, and a watch over the process that started it.

Runs under the functions' own interpreter, which has awslambdaric and nothing else: only that and
the standard library may be imported here. Usage: bootstrap.py <lifeline file descriptor> <handler>
"""

import os
import signal
import sys
import threading


def die_with_parent(lifeline: int) -> None:
    """Wait until the parent is gone, however it went, then end this process and its children.

    The parent holds the other end of the pipe and never writes to it, so a read returns only when
    the parent has ended. (Linux's parent-death signal would be bound to the thread that started
    this process, and awslambdaric alone notices nothing in the middle of an invocation.)
    """
    os.read(lifeline, 1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    watch = threading.Thread(target=die_with_parent, args=(int(sys.argv.pop(1)),), daemon=True)
    watch.start()

    from awslambdaric.__main__ import main  # type: ignore[import-not-found]

    main(sys.argv)
