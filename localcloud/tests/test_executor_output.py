"""What a function prints: kept up to a bound, and never waited for."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localcloud.executor.output import OutputPipe

SECONDS = 10


@pytest.fixture
def pipe() -> Iterator[OutputPipe]:
    """A pipe whose write end this process keeps, as a process that left its group would."""
    made = OutputPipe()
    writer = os.dup(made.write_end)
    made.listen()
    made.write_end = writer
    yield made
    made.end()
    os.close(made.write_end)


def wait_until_read(pipe: OutputPipe, size: int) -> None:
    deadline = time.monotonic() + SECONDS
    while len(pipe._collected) + pipe._left_out < size:
        assert time.monotonic() < deadline, "not all was read"
        time.sleep(0.005)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.binary(max_size=200), max_size=20))
def test_what_fits_is_kept_whole(pieces: list[bytes]) -> None:
    made = OutputPipe()
    for piece in pieces:
        os.write(made.write_end, piece)
    made.listen()
    assert made.take() == b"".join(pieces).decode(errors="replace")
    assert made.take() == ""


@settings(deadline=None, max_examples=20)
@given(
    st.integers(1, 40).map(lambda width: b"x" * (width - 1) + b"\n") | st.just(b"x" * 1000),
    st.integers(1_200_000, 3_000_000),
)
def test_of_more_the_beginning_is_kept_and_the_rest_is_counted(line: bytes, size: int) -> None:
    data = whole = (line * (size // len(line) + 1))[:size]
    made = OutputPipe()
    writer = os.dup(made.write_end)
    made.listen()
    while data:
        data = data[os.write(writer, data) :]
    os.close(writer)
    wait_until_read(made, size)

    kept, _, remark = made.take().rstrip("\n").rpartition("\n")

    left_out = int(remark.removeprefix("[").split()[0])
    assert whole.startswith(kept.encode())
    assert len(kept) <= 2**20
    assert kept.count("\n") < 10_000
    assert left_out + len(kept) in (size, size - 1)  # without the last newline
    assert left_out > 0
    assert made.take() == ""


def test_the_count_begins_anew_with_each_answer(pipe: OutputPipe) -> None:
    os.write(pipe.write_end, b"\n" * 20_000)
    assert "[10000 more bytes of output are left out]" in pipe.take()
    os.write(pipe.write_end, b"next\n")
    assert pipe.take() == "next\n"


def test_a_printer_without_end_is_not_waited_for(pipe: OutputPipe) -> None:
    with subprocess.Popen(["yes"], stdout=pipe.write_end) as printer:
        try:
            wait_until_read(pipe, 2**21)
            started = time.monotonic()
            for _ in range(3):
                assert len(pipe.take()) <= 2**20 + 100
            assert time.monotonic() - started < 1
        finally:
            printer.kill()


def test_a_printer_that_outlives_its_process_ends_with_its_next_word(pipe: OutputPipe) -> None:
    with subprocess.Popen(["yes"], stdout=pipe.write_end) as printer:
        wait_until_read(pipe, 1)
        os.close(pipe.write_end)
        pipe.write_end = os.open(os.devnull, os.O_WRONLY)
        pipe.end()
        assert printer.wait(SECONDS) != 0


def test_one_that_holds_the_pipe_holds_nobody_up(pipe: OutputPipe) -> None:
    os.write(pipe.write_end, b"last words")
    done = threading.Event()

    def finish() -> None:
        pipe.end()
        done.set()

    threading.Thread(target=finish, daemon=True).start()
    assert done.wait(SECONDS)
    assert pipe.take() == "last words"
