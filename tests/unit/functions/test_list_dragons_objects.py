"""Objects are read several at once: in order, within bounds, and none that nobody waits for."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from list_dragons import objects
from list_dragons.objects import IN_FLIGHT_BYTES, READS_AT_ONCE, Listed, Objects
from list_dragons.query import Query, Reading
from list_dragons.scan import ScanEngine
from support.fakes import FakeS3


def keys(count: int) -> list[str]:
    return [f"d/{number:04}.jsonl" for number in range(count)]


class ListedS3(FakeS3):
    """S3 with objects of any size, which is listed alone."""

    def __init__(self, sizes: list[int]) -> None:
        super().__init__()
        self.objects = dict.fromkeys(keys(len(sizes)), b"")
        self.sizes = dict(zip(self.objects, sizes, strict=True))

    def _listed(self, key: str) -> dict[str, Any]:
        return {"Key": key, "Size": self.sizes[key]}


class Reads:
    """Reads that note which are under way, and take a while.

    Attributes:
        begun: The keys of all.
        most: The most bytes at once, of those that are under way or were not asked beyond.
    """

    def __init__(self, seconds: float = 0.0) -> None:
        self.begun: list[str] = []
        self.most = 0
        self._seconds = seconds
        self._held = 0
        self._lock = threading.Lock()

    def __call__(self, listed: Listed) -> str:
        with self._lock:
            self.begun.append(listed.key)
            self._held += listed.size
            self.most = max(self.most, self._held)
        time.sleep(self._seconds)
        return listed.key

    def consumed(self, listed: Listed) -> None:
        with self._lock:
            self._held -= listed.size


def reader[T](s3: FakeS3, fetch: Callable[[Listed], T | None]) -> Objects[T]:
    return Objects(s3, "bucket", fetch)  # type: ignore[arg-type]


def test_objects_come_in_their_order_whichever_is_read_first() -> None:
    def fetch(listed: Listed) -> str:
        time.sleep(0.003 if listed.key in keys(40)[::3] else 0.0)
        return listed.key

    s3 = ListedS3([1] * 40)
    assert [read for _, read in reader(s3, fetch).read("d/")] == keys(40)
    assert [read for _, read in reader(s3, fetch).read("d/", keys(40)[36])] == keys(40)[37:]
    assert list(reader(s3, fetch).read("other/")) == []


sizes = st.sampled_from([0, 1, 1000, 1 << 23, IN_FLIGHT_BYTES - 1, IN_FLIGHT_BYTES, 3 * IN_FLIGHT_BYTES])


@given(st.lists(sizes, max_size=12))
def test_no_more_bytes_are_in_flight_than_there_may_be_and_a_larger_object_is_alone(
    listed: list[int],
) -> None:
    reads = Reads()
    found = []
    for each, _ in reader(ListedS3(listed), reads).read("d/"):
        found.append(each.size)
        reads.consumed(each)
    assert found == [size for size in listed if size]
    assert reads.most <= max([IN_FLIGHT_BYTES, *listed])


def test_no_more_reads_than_there_are_threads_are_under_way() -> None:
    under_way = threading.Semaphore(READS_AT_ONCE)

    def fetch(listed: Listed) -> str:
        assert under_way.acquire(blocking=False)
        time.sleep(0.001)
        under_way.release()
        return listed.key

    assert len(list(reader(ListedS3([1] * 200), fetch).read("d/"))) == 200


class Queued(Future[Any]):
    """A read that is not begun before its result is asked for."""

    def __init__(self, read: Callable[[], Any]) -> None:
        super().__init__()
        self._read = read

    def result(self, timeout: float | None = None) -> Any:
        assert self.set_running_or_notify_cancel()
        return self._read()


class Queue(Executor):
    """Threads that are busy with something else."""

    def __init__(self) -> None:
        self.reads: list[Queued] = []

    def submit(self, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Queued:
        self.reads.append(Queued(lambda: call(*args, **kwargs)))
        return self.reads[-1]


@pytest.mark.parametrize("wanted", [1, 5, 60])
def test_a_reader_that_stops_leaves_nothing_to_be_read(wanted: int) -> None:
    reads, queue = Reads(), Queue()
    found = Objects(ListedS3([1] * 100), "bucket", reads, queue).read("d/")  # type: ignore[arg-type]
    assert len(list(islice(found, wanted))) == wanted
    found.close()
    assert reads.begun == keys(wanted)
    assert len(queue.reads) > wanted
    assert [each.cancelled() for each in queue.reads] == [False] * wanted + [True] * (
        len(queue.reads) - wanted
    )


def test_an_error_is_raised_when_it_is_its_turn() -> None:
    def fetch(listed: Listed) -> str:
        if listed.key in keys(9)[5:7]:
            raise OSError(listed.key)
        return listed.key

    found = reader(ListedS3([1] * 9), fetch).read("d/")
    assert [read for _, read in islice(found, 5)] == keys(9)[:5]
    with pytest.raises(OSError, match=keys(9)[5]):
        next(found)


def test_where_an_object_turns_out_empty_all_behind_it_is_listed_and_read_again() -> None:
    s3, generation = ListedS3([1] * 6), [0]

    def fetch(listed: Listed) -> str | None:
        if listed.key == keys(6)[1] and generation[0] == 0:
            time.sleep(0.02)  # meanwhile, the one behind it is read ahead
            generation[0] = 1
            s3.objects["d/9.jsonl"] = b""
            s3.sizes |= {"d/9.jsonl": 1, keys(6)[4]: 0}
            return None
        return f"{listed.key} {generation[0]}"

    again = [keys(6)[2], keys(6)[3], keys(6)[5], "d/9.jsonl"]
    assert [read for _, read in reader(s3, fetch).read("d/")] == [
        f"{keys(6)[0]} 0",
        *(f"{key} 1" for key in again),
    ]


class SlowS3(FakeS3):
    """S3 that takes a while for each call."""

    seconds = 0.01

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:
        time.sleep(self.seconds)
        return super().get_object(Bucket, Key)


def test_many_small_objects_are_read_in_the_time_of_a_few() -> None:
    s3 = SlowS3()
    line = b'{"dragon_name_str":"a","family_str":"red","location_city_str":"Oslo"}\n'
    s3.objects = dict.fromkeys([f"d/{number:03}.jsonl" for number in range(300)], line)
    engine = ScanEngine(s3, "bucket", "d/")  # type: ignore[arg-type]
    began = time.monotonic()
    assert len(list(engine.dragons(Query({"location_city_str": "Oslo"}, 300), Reading()))) == 300
    assert time.monotonic() - began < 300 * s3.seconds / 3


def test_the_threads_are_kept() -> None:
    assert objects.reading_threads() is objects.reading_threads()
