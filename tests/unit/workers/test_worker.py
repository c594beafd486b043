"""A worker's life: tasks, heartbeats, a network that is lost, and how it stops."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest

from dragons_inspector.activity import RefusedError
from dragons_inspector.inspection import DragonNotFoundError
from dragons_inspector.poller import Work
from dragons_inspector.worker import STOPPED, Worker
from unit.workers.conftest import FakeActivity

Until = Callable[[Callable[[], object]], None]


@contextmanager
def working(activity: FakeActivity, work: Work, **settings: Any) -> Iterator[tuple[Worker, Thread]]:
    """A worker at work; it is stopped when the block ends."""
    given = {"pollers": 3, "heartbeat_seconds": 0.02, "stop_seconds": 5} | settings
    worker = Worker(activity, work, **given)
    thread = Thread(target=worker.run)
    thread.start()
    try:
        yield worker, thread
    finally:
        worker.stop()
        thread.join(20)
        assert not thread.is_alive()


def test_several_tasks_are_worked_on_at_once_and_each_is_told(activity: FakeActivity, until: Until) -> None:
    all_at_work, inside = Event(), []

    def work(task_input: str) -> str:
        inside.append(task_input)
        if len(inside) == 3:
            all_at_work.set()
        assert all_at_work.wait(5)
        return f"{task_input} done"

    activity.give("a", "b", "c")
    with working(activity, work):
        until(lambda: len(activity.ended) == 3)
    assert activity.ended == {each: (f"{each} done",) for each in "abc"}
    assert len(activity.workers) == 3


def fails_as_asked(task_input: str) -> str:
    if task_input == "none":
        raise DragonNotFoundError("no dragon is named none")
    if task_input == "broken":
        raise ZeroDivisionError("by nought")
    return task_input


def test_a_failure_is_told_by_its_name_and_the_next_task_is_done(
    activity: FakeActivity, until: Until
) -> None:
    activity.give("none", "broken", "good")
    with working(activity, fails_as_asked, pollers=1):
        until(lambda: len(activity.ended) == 3)
    assert activity.ended == {
        "none": ("DragonNotFound", "no dragon is named none"),
        "broken": ("InspectionFailed", "ZeroDivisionError: by nought"),
        "good": ("good",),
    }


def test_long_work_keeps_its_task_by_heartbeats(until: Until) -> None:
    activity, done = FakeActivity(heartbeat_timeout=0.3), Event()
    activity.give("long")
    with working(activity, lambda task_input: str(done.wait(10))):
        until(lambda: activity.beats.get("long", 0) > 40)
        done.set()
        until(lambda: activity.ended)
    assert activity.ended == {"long": ("True",)}


def test_work_that_is_not_heard_of_is_done_by_another_and_its_late_result_is_dropped(
    until: Until, caplog: pytest.LogCaptureFixture
) -> None:
    activity, hang, times = FakeActivity(heartbeat_timeout=0.2), Event(), []

    def hangs_once(task_input: str) -> str:
        times.append(task_input)
        if len(times) == 1:
            hang.wait(10)
            return "late"
        return "in time"

    activity.give("task")
    with working(activity, hangs_once, heartbeat_seconds=60):
        until(lambda: activity.ended)
        hang.set()
        until(lambda: "another worker has the task" in caplog.text)
    assert activity.ended == {"task": ("in time",)}


def test_it_goes_on_after_the_network_was_lost(activity: FakeActivity, until: Until) -> None:
    activity.lost = True
    activity.give("task")
    with working(activity, str.upper):
        time.sleep(0.1)
        assert not activity.ended
        activity.lost = False
        until(lambda: activity.ended)
    assert activity.ended == {"task": ("TASK",)}


def test_a_result_waits_for_the_network(activity: FakeActivity, until: Until) -> None:
    def loses_the_network(task_input: str) -> str:
        activity.lost = True
        return task_input.upper()

    activity.give("task")
    with working(activity, loses_the_network, pollers=1):
        until(lambda: activity.lost)
        time.sleep(0.1)
        activity.lost = False
        until(lambda: activity.ended)
    assert activity.ended == {"task": ("TASK",)}


def test_told_to_stop_it_finishes_what_it_has_and_takes_no_more(activity: FakeActivity, until: Until) -> None:
    begun, finish = Event(), Event()

    def work(task_input: str) -> str:
        begun.set()
        finish.wait(10)
        return task_input

    activity.give("first")
    with working(activity, work, pollers=1) as (worker, thread):
        assert begun.wait(5)
        worker.stop()
        activity.give("second")
        time.sleep(0.1)
        assert thread.is_alive()
        finish.set()
        thread.join(5)
    assert activity.ended == {"first": ("first",)}


def test_what_takes_too_long_when_it_has_to_stop_fails_to_be_tried_again(activity: FakeActivity) -> None:
    begun, never = Event(), Event()

    def work(task_input: str) -> str:
        begun.set()
        never.wait(20)
        return task_input

    activity.give("long")
    with working(activity, work, stop_seconds=0.1) as (worker, thread):
        assert begun.wait(5)
        worker.stop()
        thread.join(5)
        assert not thread.is_alive()
        assert activity.ended == {"long": (STOPPED, "its worker had to stop")}
        never.set()


def test_idle_it_stops_at_once(activity: FakeActivity) -> None:
    with working(activity, str.upper, stop_seconds=60) as (worker, thread):
        worker.stop()
        thread.join(2)
        assert not thread.is_alive()


def test_who_may_not_ask_is_told_and_ends(activity: FakeActivity) -> None:
    activity.refusing = "poll"
    worker = Worker(activity, str.upper, pollers=2, heartbeat_seconds=1, stop_seconds=1)
    with pytest.raises(RefusedError, match="poll is not allowed"):
        worker.run()


def test_a_result_that_is_refused_fails_the_task(activity: FakeActivity, until: Until) -> None:
    activity.refusing = "succeed"
    activity.give("task")
    with working(activity, str.upper):
        until(lambda: activity.ended)
    assert activity.ended == {"task": ("InspectionFailed", "succeed is not allowed")}


def test_a_heartbeat_that_fails_is_logged_and_tried_again(
    activity: FakeActivity, until: Until, caplog: pytest.LogCaptureFixture
) -> None:
    done = Event()
    activity.give("task")
    with caplog.at_level(logging.WARNING), working(activity, lambda _: str(done.wait(10)), pollers=1):
        until(lambda: activity.beats)
        activity.lost = True
        until(lambda: "no heartbeat came through" in caplog.text)
        activity.lost = False
        before = activity.beats["task"]
        until(lambda: activity.beats["task"] > before)
        done.set()
        until(lambda: activity.ended)
