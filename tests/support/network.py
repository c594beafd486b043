"""Networks that fail: one that comes and goes, and a service that never answers."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit


class Forwarder:
    """Passes connections on to an address, while it is up.

    Args:
        url: Where to.

    Attributes:
        url: Where it listens, which stays while it is down.
    """

    def __init__(self, url: str) -> None:
        target = urlsplit(url)
        assert target.hostname
        assert target.port
        self._target = (target.hostname, target.port)
        with socket.create_server(("127.0.0.1", 0)) as found:
            self._address = found.getsockname()
        self.url = f"http://127.0.0.1:{self._address[1]}"
        self._open = ExitStack()

    def up(self) -> None:
        """Let connections through."""
        listener = self._open.enter_context(socket.create_server(self._address))
        self._open.callback(_cut, listener)
        threading.Thread(target=self._serve, args=(listener,), daemon=True).start()

    def down(self) -> None:
        """Cut what is connected, and refuse more."""
        self._open.close()

    def _serve(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = listener.accept()
                target = socket.create_connection(self._target)
                for one, other in ((caller, target), (target, caller)):
                    self._open.callback(_cut, one)
                    threading.Thread(target=_pump, args=(one, other), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    _cut(source)
    _cut(sink)


def _cut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


@contextlib.contextmanager
def silence() -> Iterator[str]:
    """The URL of a service that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
