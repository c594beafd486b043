"""What keeps a used local cloud as small as a new one, and what LocalStack, moto and Twisted do without."""

import gc
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from localstack.utils import threads as localstack_threads
from moto.logs.models import LogGroup, LogStream
from twisted.python.threadpool import ThreadPool

from localcloud import logs
from localcloud.upkeep import corrections, schedule

SECONDS = 20.0


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


# log_file

log_files = st.one_of(
    st.binary(max_size=300), st.lists(st.sampled_from([b"\n", b"a line\n", b"x" * 30, b"\r\n"])).map(b"".join)
)


def cut(path: Path, content: bytes, limit: int, kept: int) -> bytes:
    """Write a log as a cloud's is, cut it, write on, and give what is left of the content."""
    path.unlink(missing_ok=True)
    with path.open("a+b") as log:
        os.write(log.fileno(), content)
        corrections.cut_log(log.fileno(), limit, kept)
        os.write(log.fileno(), b"<end>")
    found = path.read_bytes()
    assert found.endswith(b"<end>")
    return found.removesuffix(b"<end>")


@given(content=log_files, limit=st.integers(0, 200), kept=st.integers(0, 200))
def test_whole_lines_of_the_end_of_a_log_stay(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, limit: int, kept: int
) -> None:
    kept = min(kept, limit)
    left = cut(tmp_path_factory.getbasetemp() / "cut.log", content, limit, kept)
    if len(content) <= limit:
        assert left == content
        return
    assert len(left) <= kept
    assert content.endswith(left)
    assert not left or content[: len(content) - len(left)].endswith(b"\n")


@given(st.lists(st.binary(max_size=20).map(lambda text: text.replace(b"\n", b"") + b"\n"), min_size=9))
def test_as_many_lines_stay_as_have_room(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    content, room = b"".join(lines), 8
    left = cut(tmp_path_factory.getbasetemp() / "lines.log", content, room, room)
    [before] = content[: len(content) - len(left)].split(b"\n")[-2:-1]
    assert len(before) + 1 + len(left) >= room, "a line that had room is gone"


def test_a_process_that_prints_goes_on_behind_the_cut(tmp_path: Path) -> None:
    path = tmp_path / "localstack.log"
    path.write_bytes(b"old line\n" * 100)
    code = "import sys; print('ready', flush=True); sys.stdin.read(); print('after', flush=True)"
    with path.open("a+b") as log:  # as Cloud.start does
        process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=log)
        assert process.stdin
        wait_until(lambda: path.read_bytes().endswith(b"ready\n"))
        corrections.cut_log(log.fileno(), limit=100, kept=20)
        process.stdin.close()
        assert process.wait(SECONDS) == 0
    assert path.read_bytes() == b"old line\nready\nafter\n"


def test_a_log_within_its_limit_is_left_alone(tmp_path: Path) -> None:
    assert cut(tmp_path / "log", b"x" * 100, limit=100, kept=50) == b"x" * 100


def test_what_is_no_file_is_left_alone() -> None:
    reading, writing = os.pipe()
    with open(reading, "rb") as pipe:  # noqa: PTH123 - a descriptor
        # What is no file has a size of 0, which is beyond this limit.
        os.write(writing, b"one\ntwo\n")
        corrections.cut_log(writing, limit=-1, kept=0)
        os.close(writing)
        assert pipe.read() == b"one\ntwo\n"
    one, other = socket.socketpair()
    with one, other, Path(os.devnull).open("a+b") as nothing:
        corrections.cut_log(one.fileno(), limit=-1, kept=0)
        corrections.cut_log(nothing.fileno(), limit=-1, kept=0)


# schedule


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The tasks of one test."""
    made: list[Any] = []
    monkeypatch.setattr(schedule, "_TASKS", made)
    return made


@pytest.mark.usefixtures("tasks")
def test_a_task_that_fails_is_logged_and_done_again(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    def fail() -> None:
        done.append("fail")
        raise RuntimeError("for the log")

    schedule.every_second(lambda: done.append("before"), fail)
    schedule.every_second(lambda: done.append("after"))
    schedule.do_all()
    schedule.do_all()
    assert done == ["before", "fail", "after"] * 2
    assert [str(record.exc_info and record.exc_info[1]) for record in caplog.records] == ["for the log"] * 2


@pytest.mark.usefixtures("tasks")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_tasks_are_done_again_and_again_in_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_SECONDS", 0.001)
    found: Future[list[threading.Thread]] = Future()
    workers: list[threading.Thread] = []

    def work() -> None:
        workers.append(threading.current_thread())
        if len(workers) == 3:
            found.set_result(workers)
            raise SystemExit  # which ends the thread, and nothing else

    schedule.every_second(work)
    schedule.start()
    [worker] = set(found.result(SECONDS))
    assert worker.daemon, "the cloud would not end"
    assert worker is not threading.current_thread()
    worker.join(SECONDS)
    assert not worker.is_alive()


# threads


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The threads that LocalStack keeps, for one test."""
    made: list[Any] = []
    monkeypatch.setattr(localstack_threads, "TMP_THREADS", made)
    monkeypatch.setattr(schedule, "TMP_THREADS", made)
    return made


def test_localstack_keeps_threads_that_have_ended(kept: list[Any]) -> None:
    thread = localstack_threads.start_thread(lambda _: None, name="a test's")
    thread.join(SECONDS)
    assert thread in kept, "LocalStack does this itself now: delete forget_ended from upkeep/schedule.py"


def test_ended_threads_are_forgotten_and_others_kept(kept: list[Any]) -> None:
    ended = localstack_threads.start_thread(lambda _: None, name="a test's, ended")
    ended.join(SECONDS)
    end = threading.Event()
    running = localstack_threads.start_thread(lambda _: end.wait(SECONDS), name="a test's")
    server: Any = SimpleNamespace(shutdown=lambda: None)  # LocalStack keeps what is no thread beside them
    kept.append(server)
    schedule.forget_ended()
    try:
        assert kept == [running, server]
    finally:
        end.set()
        running.join(SECONDS)
    schedule.forget_ended()
    assert kept == [server]


@pytest.fixture
def pool() -> Iterator[ThreadPool]:
    """A pool of Twisted's that had thirty things to do at once."""
    made = ThreadPool(minthreads=0, maxthreads=30, name="a test's")
    made.start()
    together = threading.Barrier(30)
    for _ in range(30):
        made.callInThread(together.wait, SECONDS)
    wait_until(lambda: idle(made) == 30)
    yield made
    made.stop()


def idle(pool: Any) -> int:
    return int(pool._team.statistics().idleWorkerCount)


def workers(pool: Any) -> int:
    statistics = pool._team.statistics()
    return int(statistics.idleWorkerCount + statistics.busyWorkerCount)


def test_twisted_keeps_every_worker_of_a_burst(pool: ThreadPool) -> None:
    done: Future[None] = Future()
    pool.callInThread(done.set_result, None)
    done.result(SECONDS)
    assert workers(pool) == 30, "Twisted does this itself now: delete shrink from upkeep/schedule.py"


def test_a_pool_gives_back_a_tenth_of_its_idle_workers_at_a_time(pool: ThreadPool) -> None:
    shrink = schedule.shrink(pool)
    for left in (27, 25, 23, 21, 19, 18, 17):
        shrink()
        assert workers(pool) == left
    for _ in range(50):
        shrink()
    assert workers(pool) == 9, "a few workers stay"


def test_busy_workers_are_left_alone(pool: ThreadPool) -> None:
    end = threading.Event()
    for _ in range(25):
        pool.callInThread(end.wait, SECONDS)
    wait_until(lambda: idle(pool) == 5)
    for _ in range(10):
        schedule.shrink(pool)()
    assert workers(pool) == 30
    end.set()


def test_a_pool_that_shrank_serves_as_before(pool: ThreadPool) -> None:
    for _ in range(100):
        schedule.shrink(pool)()
    together = threading.Barrier(30)
    met: list[Future[int]] = [Future() for _ in range(30)]
    for each in met:
        pool.callInThread(lambda found: found.set_result(together.wait(SECONDS)), each)
    assert sorted(each.result(SECONDS) for each in met) == list(range(30))


# garbage


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The garbage collector's switches, and the clock, in place of the real ones."""
    made = SimpleNamespace(done=[], callbacks=[], now=1000.0)
    collecting = SimpleNamespace(
        collect=lambda: made.done.append("collect"),
        freeze=lambda: made.done.append("freeze"),
        callbacks=made.callbacks,
    )
    monkeypatch.setattr(corrections, "gc", collecting)
    monkeypatch.setattr(corrections, "time", SimpleNamespace(monotonic=lambda: made.now))
    corrections.freeze_what_is_loaded()
    return made


def test_what_is_loaded_is_frozen_when_it_is_free_of_garbage(collector: SimpleNamespace) -> None:
    assert collector.done == ["collect", "freeze"]


@pytest.mark.parametrize(
    ("phase", "generation", "freezes"),
    [("stop", 2, True), ("start", 2, False), ("stop", 1, False), ("stop", 0, False)],
)
def test_what_survives_a_full_collection_is_frozen_too(
    collector: SimpleNamespace, phase: str, generation: int, freezes: bool
) -> None:
    collector.done.clear()
    [after] = collector.callbacks
    after(phase, {"generation": generation})
    assert collector.done == ["freeze"] * freezes


def test_after_the_first_minutes_nothing_more_is_frozen(collector: SimpleNamespace) -> None:
    collector.done.clear()
    collector.now += corrections._STARTING_SECONDS + 1
    [after] = collector.callbacks
    after("stop", {"generation": 2})
    assert (collector.done, collector.callbacks) == ([], [])


def test_python_tells_of_its_collections_as_expected() -> None:
    told: list[tuple[str, int]] = []

    def callback(phase: str, details: dict[str, Any]) -> None:
        if len(told) < 2:
            told.append((phase, details["generation"]))

    gc.callbacks.append(callback)
    try:
        gc.collect()
    finally:
        gc.callbacks.remove(callback)
    assert told[-2:] == [("start", corrections._FULL), ("stop", corrections._FULL)]


# log_events


def new_stream() -> Any:
    group: Any = LogGroup
    return LogStream(group("000000000000", "us-east-1", "/a/test"), "stream")


def put(stream: Any, *numbers: int) -> None:
    stream.put_log_events([{"timestamp": number, "message": str(number)} for number in numbers])


def test_moto_keeps_all_events() -> None:
    stream = new_stream()
    put(stream, *range(logs.MOST_EVENTS + 2000))
    assert len(stream.events) == logs.MOST_EVENTS + 2000, (
        "moto does this itself now: delete keep_newest from logs.py"
    )


@pytest.fixture
def corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LogStream, "put_log_events", LogStream.put_log_events)  # to be put back
    monkeypatch.setattr(logs, "MOST_EVENTS", 100)
    logs.keep_newest()


@pytest.mark.usefixtures("corrected")
def test_the_answer_is_motos() -> None:
    stream = new_stream()
    before = stream.put_log_events([{"timestamp": 1, "message": "m"}])
    assert int(stream.put_log_events([{"timestamp": 1, "message": "m"}])) == int(before) + 1


@given(st.lists(st.integers(0, 150), max_size=12))
def test_the_newest_events_stay_in_order(batches: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patching:
        patching.setattr(LogStream, "put_log_events", LogStream.put_log_events)
        patching.setattr(logs, "MOST_EVENTS", 100)
        logs.keep_newest()
        stream = new_stream()
        written: list[int] = []
        for size in batches:
            numbers = range(len(written), len(written) + size)
            put(stream, *numbers)
            written += numbers
            found = [event.timestamp for event in stream.events]
            assert found == written[len(written) - len(found) :]
            assert min(100, len(written)) <= len(found) <= 110
