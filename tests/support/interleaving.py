"""Threads of which one runs at a time, and that change places where a test says so."""

import threading
from collections.abc import Callable
from typing import Any


class Interleaving:
    """Runs callables side by side; before each step that they announce, the test draws who goes on.

    Args:
        draw: Gives one of a number of positions, such as `lambda n: data.draw(st.integers(0, n - 1))`.
    """

    def __init__(self, draw: Callable[[int], int]) -> None:
        self._draw = draw
        self._turns: dict[threading.Thread, threading.Semaphore] = {}
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

    def run(self, *actors: Callable[[], object]) -> None:
        """Run the actors to their ends.

        Raises:
            BaseException: What an actor raised.
        """
        threads = [threading.Thread(target=self._act, args=(actor,), daemon=True) for actor in actors]
        self._turns = {thread: threading.Semaphore(0) for thread in threads}
        for thread in threads:
            thread.start()
        try:
            while running := [thread for thread in threads if thread in self._turns]:
                self._turns[running[self._draw(len(running))]].release()
                self._back.acquire()
                if self._errors:
                    raise self._errors[0]
        finally:
            self._given_up = True
            for turn in list(self._turns.values()):
                turn.release()
            for thread in threads:
                thread.join()

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


def stepping(client: Any, step: Callable[[], None], *operations: str) -> Any:
    """A client that waits for its turn before each of these operations."""

    class Stepping(type(client)):  # type: ignore[misc]
        """As the client, with the same content."""

        def __getattribute__(self, name: str) -> Any:
            found = super().__getattribute__(name)
            if name not in operations:
                return found

            def stepped(*args: Any, **kwargs: Any) -> Any:
                step()
                return found(*args, **kwargs)

            return stepped

    made = Stepping.__new__(Stepping)
    made.__dict__ = client.__dict__
    return made
