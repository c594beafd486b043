"""What a function's process runs: AWS's runtime client, and a watch over the process that started it.

Runs under the functions' own interpreter, which may have awslambdaric and nothing else: only that and the
standard library may be imported here.
Usage: bootstrap.py <lifeline file descriptor> <writable folders> <handler>, or for a job: ... -- <command>
"""

import ctypes
import os
import signal
import struct
import sys
import threading

_CREATE_RULESET = 444  # landlock_add_rule and landlock_restrict_self are the next
_NO_NEW_PRIVILEGES = 38
_WRITES = 0x3FF2  # write, make, remove and move; reading and executing stay free


def write_only_below(folders: list[str]) -> None:
    """Deny writing elsewhere to this process and its children, root's too, as AWS's read-only folders do.

    Source: https://docs.kernel.org/userspace-api/landlock.html
    Where there is no Landlock (before Linux 5.19, other systems), nothing is denied.
    """
    kernel = ctypes.CDLL(None)
    if not sys.platform.startswith("linux") or kernel.syscall(_CREATE_RULESET, None, 0, 1) < 2:
        return
    ruleset = kernel.syscall(_CREATE_RULESET, struct.pack("Q", _WRITES), 8, 0)
    for folder in folders:
        rule = struct.pack("=Qi", _WRITES, os.open(folder, os.O_PATH | os.O_CLOEXEC))
        kernel.syscall(_CREATE_RULESET + 1, ruleset, 1, rule, 0)
    kernel.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    kernel.syscall(_CREATE_RULESET + 2, ruleset, 0)


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
    write_only_below(sys.argv.pop(1).split(os.pathsep))
    if sys.argv[1] == "--":
        import subprocess  # a function does not need it

        code = subprocess.call(sys.argv[2:])
        sys.exit(code if code >= 0 else 128 - code)

    from awslambdaric.__main__ import main

    main(sys.argv)  # type: ignore[no-untyped-call]
