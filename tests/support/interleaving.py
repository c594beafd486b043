"""Threads of which one runs at a time, and that change places where a test says so."""

import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Executor, Future
from types import GeneratorType
from typing import Any


class Interleaving:
    """Runs callables side by side; before each step that they announce, the test draws who goes on.

    Args:
        draw: Gives one of a number of positions, such as `lambda n: data.draw(st.integers(0, n - 1))`.
    """

    def __init__(self, draw: Callable[[int], int]) -> None:
        self._draw = draw
        self._turns: dict[threading.Thread, threading.Semaphore] = {}
        self._waiting: dict[threading.Thread, Callable[[], bool]] = {}
        self._threads: list[threading.Thread] = []
        self._back = threading.Semaphore(0)
        self._errors: list[BaseException] = []
        self._given_up = False

    def step(self) -> None:
        """Wait for the next turn; outside of `run`, there is none to wait for."""
        turn = self._turns.get(threading.current_thread())
        if turn is not None:
            self._back.release()
            turn.acquire()
            if self._given_up:
                raise SystemExit

    def wait(self, until: Callable[[], bool]) -> None:
        """Wait for a turn after something is so."""
        self._waiting[threading.current_thread()] = until
        self.step()
        del self._waiting[threading.current_thread()]

    def add(self, actor: Callable[[], object]) -> bool:
        """Let one more run side by side with the one that calls; false outside of `run`."""
        if threading.current_thread() not in self._turns:
            return False
        self._start(actor)
        return True

    def run(self, *actors: Callable[[], object]) -> None:
        """Run the actors to their ends.

        Raises:
            BaseException: What an actor raised.
        """
        for actor in actors:
            self._start(actor)
        try:
            while self._turns:
                ready = [each for each in self._turns if self._waiting.get(each, lambda: True)()]
                self._turns[ready[self._draw(len(ready))]].release()
                self._back.acquire()
                if self._errors:
                    raise self._errors[0]
        finally:
            self._given_up = True
            for turn in list(self._turns.values()):
                turn.release()
            for thread in self._threads:
                thread.join()

    def _start(self, actor: Callable[[], object]) -> None:
        thread = threading.Thread(target=self._act, args=(actor,), daemon=True)
        self._turns[thread] = threading.Semaphore(0)
        self._threads.append(thread)
        thread.start()

    def _act(self, actor: Callable[[], object]) -> None:
        self._turns[threading.current_thread()].acquire()
        try:
            if not self._given_up:
                actor()
        except BaseException as error:  # the test's own thread raises it
            self._errors.append(error)
        finally:
            del self._turns[threading.current_thread()]
            self._back.release()


class InterleavedThreads(Executor):
    """Threads that take part: each call is an actor of its own, which may run long after it was submitted.

    Args:
        order: Where they take part; outside of its `run`, a call is run when it is submitted.
    """

    def __init__(self, order: Interleaving) -> None:
        self._order = order

    def submit[T](self, call: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Have a call run."""
        future = _Awaited[T](self._order)

        def act() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(call(*args, **kwargs))
                except BaseException as error:  # whoever waits for it raises it
                    future.set_exception(error)

        if not self._order.add(act):
            act()
        return future


class _Awaited[T](Future[T]):
    def __init__(self, order: Interleaving) -> None:
        super().__init__()
        self._order = order

    def result(self, timeout: float | None = None) -> T:
        if not self.done():
            self._order.wait(self.done)
        return super().result(timeout)


def stepping(client: Any, step: Callable[[], None], *operations: str) -> Any:
    """A client that waits for its turn before each of these operations, and before each page of a listing."""

    class Stepping(type(client)):  # type: ignore[misc]
        """As the client, with the same content."""

        def __getattribute__(self, name: str) -> Any:
            found = super().__getattribute__(name)
            if name not in operations:
                return found

            def stepped(*args: Any, **kwargs: Any) -> Any:
                step()
                answer = found(*args, **kwargs)
                return _paged(answer) if isinstance(answer, GeneratorType) else answer

            return stepped

    def _paged(pages: Iterator[Any]) -> Generator[Any]:
        for page in pages:
            yield page
            step()

    made = Stepping.__new__(Stepping)
    made.__dict__ = client.__dict__
    return made
