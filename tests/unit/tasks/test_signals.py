"""Signals at any moment of a command: nothing stays, and the next run goes on or starts afresh."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.system import poll
from unit.tasks.checkout import Checkout

END_SECONDS = 60.0
LAST_STEP = "ok  site"


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    made = Checkout(tmp_path)
    yield made
    made.kill()


def send(checkout: Checkout, make: subprocess.Popen[str], which: signal.Signals, to: str) -> None:
    """Send a signal to the group of a command, as a terminal does, or to one of its processes alone."""
    try:
        if to == "group":
            os.killpg(make.pid, which)
        else:
            pid = make.pid if to == "make" else checkout.launcher(make.pid)
            os.kill(pid or make.pid, which)
    except ProcessLookupError:
        pass  # it has ended by itself


def nothing_left(checkout: Checkout) -> None:
    deadline = time.monotonic() + END_SECONDS
    while (left := checkout.left()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [each.command for each in left] == []


@pytest.mark.parametrize(
    ("moment", "which", "to"),
    [
        (0.05, signal.SIGTERM, "make"),
        (0.2, signal.SIGINT, "group"),
        (0.35, signal.SIGTERM, "launcher"),
        (0.5, signal.SIGKILL, "launcher"),
        (0.65, signal.SIGHUP, "group"),
        (0.8, signal.SIGTERM, "make"),
        (0.95, signal.SIGINT, "launcher"),
        (1.1, signal.SIGKILL, "group"),
        (1.3, signal.SIGTERM, "group"),
        (1.5, signal.SIGINT, "group"),
    ],
)
def test_a_signal_leaves_nothing_and_the_next_run_works(
    checkout: Checkout, moment: float, which: signal.Signals, to: str
) -> None:
    make = checkout.start("up", f"PORT={checkout.port}")
    time.sleep(moment)
    send(checkout, make, which, to)
    printed, _ = make.communicate(timeout=END_SECONDS)
    if LAST_STEP not in printed:  # else the system is up and stays, whatever becomes of `make`
        nothing_left(checkout)
    code, printed = checkout.make("up", f"PORT={checkout.port}")
    assert code == 0, printed
    assert checkout.make("down")[0] == 0
    nothing_left(checkout)


@pytest.mark.parametrize("to", ["group", "launcher"])
def test_a_second_ctrl_c_kills_an_apply_and_its_system_is_started_afresh(checkout: Checkout, to: str) -> None:
    assert checkout.make("up", f"PORT={checkout.port}")[0] == 0
    (checkout.root / "changed.tf").write_text("locals {}")  # else there is nothing to apply
    checkout.apply_until(signals=2)
    make = checkout.start("up")
    poll(lambda: applying(checkout), "the apply to begin", END_SECONDS, 0.02)
    send(checkout, make, signal.SIGINT, to)
    poll(lambda: True if (checkout.home / "asked").exists() else None, "it to be asked", END_SECONDS, 0.02)
    send(checkout, make, signal.SIGINT, to)
    printed, _ = make.communicate(timeout=END_SECONDS)
    assert make.returncode != 0
    assert "stopped by SIGINT" in printed
    poll(lambda: True if only_the_cloud(checkout) else None, "Terraform to end", END_SECONDS, 0.05)
    code, printed = checkout.make("up")
    assert code == 0, printed
    assert "started anew, from the samples: an apply was killed" in printed


def test_a_first_ctrl_c_lets_an_apply_end_and_the_system_goes_on(checkout: Checkout) -> None:
    assert checkout.make("up", f"PORT={checkout.port}")[0] == 0
    (checkout.root / "changed.tf").write_text("locals {}")  # else there is nothing to apply
    checkout.apply_until(signals=1)
    make = checkout.start("up")
    poll(lambda: applying(checkout), "the apply to begin", END_SECONDS, 0.02)
    send(checkout, make, signal.SIGTERM, "make")
    make.communicate(timeout=END_SECONDS)
    assert make.returncode != 0
    assert only_the_cloud(checkout)
    code, printed = checkout.make("up")
    assert code == 0, printed
    assert "running already" in printed


@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("command", ["apply", "plan", "token", "down"])
def test_a_signal_to_any_command_leaves_its_system_alone_or_stops_it(
    checkout: Checkout, command: str, which: signal.Signals
) -> None:
    assert checkout.make("up", f"PORT={checkout.port}")[0] == 0
    make = checkout.start(command, "USER=ann@example.org")
    time.sleep(0.5)
    send(checkout, make, which, "launcher")
    make.communicate(timeout=END_SECONDS)
    poll(lambda: True if only_the_cloud(checkout) else None, "all but the system to end", END_SECONDS, 0.05)
    code, printed = checkout.make("up", *([f"PORT={checkout.port}"] if command == "down" else []))
    assert code == 0, printed
    assert checkout.make("down")[0] == 0
    nothing_left(checkout)


def test_down_ends_a_run_that_is_at_work(checkout: Checkout) -> None:
    checkout.apply_until(signals=1)
    make = checkout.start("up", f"PORT={checkout.port}")
    poll(lambda: applying(checkout), "the apply to begin", END_SECONDS, 0.02)
    assert checkout.make("down")[0] == 0
    nothing_left(checkout)
    assert "stopped by SIGTERM" in make.communicate(timeout=END_SECONDS)[0]


def applying(checkout: Checkout) -> bool | None:
    """Whether Terraform has a provider, and so can be asked to end."""
    return True if any("SIG_IGN" in each.command for each in checkout.left()) else None


def only_the_cloud(checkout: Checkout) -> bool:
    return all("-m localcloud" in each.command for each in checkout.left())
