"""The Lambda Runtime API of one function process: its invocations on their way there and back.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
Left out: response streaming, SnapStart's restore, extensions and telemetry.

`runtime_server` serves it over HTTP.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

_CONNECTION_END_SECONDS = 1.0


class NotDeliveredError(Exception):
    """The process was gone before it took the invocation: another one may run it."""


class InitError(Exception):
    """The function's code could not be loaded.

    Args:
        payload: What the runtime client posted, a JSON object with errorType and errorMessage.
    """

    def __init__(self, payload: bytes) -> None:
        super().__init__(payload.decode(errors="replace"))
        self.payload = payload


@dataclass(frozen=True)
class Invocation:
    """One event for the function; `deadline_ms` counts from the epoch."""

    request_id: str
    function_arn: str
    trace_header: str
    deadline_ms: int
    payload: bytes


@dataclass(frozen=True)
class Response:
    """What the function returned, or the error object that the runtime client made of what it raised."""

    payload: bytes
    is_error: bool


@dataclass
class Delivery:
    """An invocation on its way to the process.

    Attributes:
        taken: Whether it was handed to a connection of the process.
        connection_ended: Set when that connection is gone, and `response` failed if it was gone with
            the invocation unread.
    """

    invocation: Invocation
    response: Future[Response] = field(default_factory=Future)
    taken: bool = False
    connection_ended: threading.Event = field(default_factory=threading.Event)


class RuntimeApi:
    """The Runtime API of one process.

    Attributes:
        initialized: Done when the process asks for its first invocation; fails with InitError, or
            with what `close` was given.
    """

    def __init__(self) -> None:
        self.initialized: Future[None] = Future()
        self._lock = threading.Lock()
        self._current: Delivery | None = None
        self._queue: SimpleQueue[Delivery | None] = SimpleQueue()
        self._closed = False

    def submit(self, invocation: Invocation) -> Future[Response]:
        """Queue an invocation for the process, one at a time.

        Returns:
            The response to come. It fails with NotDeliveredError, or with what `close` was given.
        """
        delivery = Delivery(invocation)
        with self._lock:
            if self._closed:
                delivery.response.set_exception(NotDeliveredError())
                return delivery.response
            self._current = delivery
        self._queue.put(delivery)
        return delivery.response

    def close(self, reason: Exception) -> None:
        """Take no more, once the process has ended; whoever waits for it gets `reason`."""
        with self._lock:
            self._closed = True
            current = self._current
        if current and current.taken:
            current.connection_ended.wait(_CONNECTION_END_SECONDS)
        with self._lock:
            _fail(self.initialized, reason)
            if current:
                _fail(current.response, reason if current.taken else NotDeliveredError())
        self._queue.put(None)

    def take(self, is_listening: Callable[[], bool]) -> Delivery | None:
        """Block until there is an invocation for the process that asks.

        Args:
            is_listening: Whether the process still waits; a killed one must not swallow the event.

        Returns:
            The invocation, or None when there will be none.
        """
        with self._lock:
            if not self.initialized.done():
                self.initialized.set_result(None)
        delivery = self._queue.get()
        if delivery is None:
            return None
        with self._lock:
            if not is_listening():
                _fail(delivery.response, NotDeliveredError())
            if delivery.response.done():
                return None
            delivery.taken = True
        return delivery

    def end_connection(self, delivery: Delivery, was_read: bool) -> None:
        """Record that the connection which took an invocation is gone."""
        if not was_read:
            with self._lock:
                _fail(delivery.response, NotDeliveredError())
        delivery.connection_ended.set()

    def respond(self, request_id: str, payload: bytes, is_error: bool) -> bool:
        """Pass on the function's response; False when no such invocation is running."""
        with self._lock:
            current = self._current
            if not current or current.invocation.request_id != request_id or current.response.done():
                return False
            current.response.set_result(Response(payload, is_error))
        return True

    def fail_init(self, payload: bytes) -> None:
        """Record that the function's code could not be loaded."""
        with self._lock:
            _fail(self.initialized, InitError(payload))


def _fail(future: Future[Any], reason: Exception) -> None:
    if not future.done():
        future.set_exception(reason)
