"""The pipe that carries a function's standard output and standard error to its log.

Left out: what one invocation writes beyond 1 MB or 10,000 lines, which is what one PutLogEvents takes; the
log says how many bytes those were. AWS keeps them all.
Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
"""

import os
import re
import select
import threading
import time

_KEPT_BYTES = 2**20
_KEPT_LINES = re.compile(rb"(?:[^\n]+\n?+|\n){0,10000}+")
_READ_BYTES = 2**16
_PIPE_BYTES = 2**20  # Linux lets a process enlarge its pipe up to this
# Reading as fast as a function prints without end would leave the rest of the cloud no time.
_PAUSE_SECONDS = 0.001


class OutputPipe:
    """Collects what a process writes, so that nothing written before a response is missed.

    Attributes:
        write_end: File descriptor for the process; call `listen` once the process holds it.
    """

    def __init__(self) -> None:
        self._read_end, self.write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        self._lock = threading.Lock()
        self._collected = bytearray()
        self._left_out = 0
        self._open = True

    def listen(self) -> None:
        """Give up our own copy of the write end and read until the process's copies are closed."""
        os.close(self.write_end)
        threading.Thread(target=self._read, daemon=True, name="lambda-output").start()

    def take(self) -> str:
        """Return what was written since the last call, as much of it as is kept."""
        with self._lock:
            self._drain()
            kept = _KEPT_LINES.match(self._collected)[0]  # type: ignore[index]  # it matches anything
            left_out = self._left_out + len(self._collected) - len(kept)
            self._collected, self._left_out = bytearray(), 0
        text = kept.decode(errors="replace")
        if left_out:
            text += f"{'' if text.endswith('\n') else '\n'}[{left_out} more bytes of output are left out]\n"
        return text

    def end(self) -> None:
        """Stop reading: the process has ended, and nobody waits for what it left behind and still prints."""
        with self._lock:
            self._drain()
            self._open = False

    def _read(self) -> None:
        poll = select.poll()
        poll.register(self._read_end, select.POLLIN)
        while self._open:
            poll.poll()
            with self._lock:
                self._drain()
            if self._left_out:
                time.sleep(_PAUSE_SECONDS)
        os.close(self._read_end)

    def _drain(self) -> None:
        """Read what the pipe holds now, not what is written meanwhile."""
        for _ in range(_PIPE_BYTES // _READ_BYTES if self._open else 0):
            try:
                data = os.read(self._read_end, _READ_BYTES)
            except BlockingIOError:
                return
            room = _KEPT_BYTES - len(self._collected)
            self._collected += data[:room]
            self._left_out += max(0, len(data) - room)
            self._open = bool(data)
            if len(data) < _READ_BYTES:
                return
