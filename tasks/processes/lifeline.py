"""Ends what a command has started when the command itself was killed, which it cannot do any more.

`children` runs it beside a command. Each line of its standard input is `+` or `-` and the process id of a
child that was started or has ended; the input ends with the command.
"""

import os
import signal
import sys
from contextlib import suppress

from tasks.processes.listing import family


def main() -> None:
    """Wait for the end of the input, then kill the children that are left, and theirs."""
    children: set[int] = set()
    for line in sys.stdin:
        (children.add if line.startswith("+") else children.discard)(int(line[1:]))
    for pid in set().union(*map(family, children)):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
