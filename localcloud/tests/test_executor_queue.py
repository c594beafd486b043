"""The cap on a function's processes and the queue before it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from localcloud.executor.process_queue import CAP_VARIABLE, ProcessQueue, process_cap


def test_no_more_than_the_capacity_are_in_at_once() -> None:
    queue = ProcessQueue(3)
    lock = threading.Lock()
    inside, most = 0, 0

    def visit(_: int) -> None:
        nonlocal inside, most
        with queue.place():
            with lock:
                inside += 1
                most = max(most, inside)
            threading.Event().wait(0.002)
            with lock:
                inside -= 1

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(visit, range(200)))

    assert (inside, most) == (0, 3)


def test_who_came_first_is_served_first() -> None:
    queue = ProcessQueue(1)
    served = []

    def visit(number: int) -> None:
        with queue.place():
            served.append(number)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(10)]
    with queue.place():
        for number, thread in enumerate(threads):
            thread.start()
            while len(queue._waiting) <= number:
                threading.Event().wait(0.001)
    for thread in threads:
        thread.join()

    assert served == list(range(10))


def test_a_place_is_given_back_after_a_failure() -> None:
    queue = ProcessQueue(1)
    with pytest.raises(RuntimeError, match="failed"), queue.place():
        raise RuntimeError("failed")

    with queue.place():
        assert queue._free == 0


def test_the_cap_is_read_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CAP_VARIABLE, raising=False)
    assert process_cap() == 4
    monkeypatch.setenv(CAP_VARIABLE, "12")
    assert process_cap() == 12


@pytest.mark.parametrize("text", ["0", "-1", "four", ""])
def test_a_cap_that_is_no_number_above_zero_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(CAP_VARIABLE, text)
    with pytest.raises(ValueError, match=CAP_VARIABLE):
        process_cap()
