"""The pipe that carries a function's standard output and standard error to its log."""

import os
import select
import threading


class OutputPipe:
    """Collects what a process writes, so that nothing written before an answer is missed.

    Attributes:
        write_end: file descriptor for the process; call `listen` once the process holds it.
    """

    def __init__(self) -> None:
        self._read_end, self.write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        self._lock = threading.Lock()
        self._collected = bytearray()
        self._open = True

    def listen(self) -> None:
        """Give up our own copy of the write end and read until the process's copies are closed."""
        os.close(self.write_end)
        threading.Thread(target=self._read, daemon=True, name="lambda-output").start()

    def take(self) -> str:
        """Return all that was written since the last call."""
        with self._lock:
            self._drain()
            text = self._collected.decode(errors="replace")
            self._collected.clear()
        return text

    def _read(self) -> None:
        poll = select.poll()
        poll.register(self._read_end, select.POLLIN)
        while self._open:
            poll.poll()
            with self._lock:
                self._drain()

    def _drain(self) -> None:
        while self._open:
            try:
                data = os.read(self._read_end, 65536)
            except BlockingIOError:
                return
            self._collected += data
            if not data:
                self._open = False
                os.close(self._read_end)
