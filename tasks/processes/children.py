"""The processes that a command starts: none outlives it, whatever ends it.

The first SIGINT, SIGTERM or SIGHUP asks them to end, as Ctrl-C does, and the command ends when they have; the
second kills them. If the command itself is killed, `lifeline` kills them.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from tasks.environment.paths import ROOT
from tasks.environment.variables import of_caller
from tasks.processes.listing import family

GRACE_SECONDS = 20.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LIFELINE = "import sys; sys.path.insert(0, sys.argv[1]); from tasks.processes.lifeline import main; main()"


class Interrupted(KeyboardInterrupt):
    """A signal that ends the command.

    Attributes:
        signal: Which.
        code: The exit code of the child that was waited for; none if there was none.
    """

    def __init__(self, number: int, code: int | None = None) -> None:
        super().__init__()
        self.signal = signal.Signals(number)
        self.code = code


class _State:
    """What this process has started, by process id; signals come to the main thread alone."""

    def __init__(self) -> None:
        self.background: dict[int, subprocess.Popen[bytes]] = {}
        self.foreground: dict[int, subprocess.Popen[bytes]] = {}
        self.stopped_by: int | None = None
        self.main_waits = False
        self.lifeline: subprocess.Popen[bytes] | None = None
        self.lock = threading.Lock()


_state = _State()


@contextmanager
def ending_with_this() -> Iterator[None]:
    """Have a signal end the children first, and then what runs in this context.

    A signal that whoever started the command ignores, as `nohup` does, stays ignored.
    """
    before = {each: signal.getsignal(each) for each in _SIGNALS}
    for each, handler in before.items():
        if handler != signal.SIG_IGN:
            signal.signal(each, _on_signal)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
        if _state.lifeline is not None:
            _state.lifeline.communicate()
        _state.lifeline = _state.stopped_by = None


def require_not_stopped() -> None:
    """Keep a thread from going on behind a signal.

    Raises:
        Interrupted: There was one.
    """
    if _state.stopped_by is not None:
        raise Interrupted(_state.stopped_by)


def run_to_end(
    command: Sequence[str | Path], *, foreground: bool = False, after_signal: bool = False, **options: Any
) -> int:
    """Run a program to its end.

    Args:
        command: The program and its arguments.
        foreground: Whether it talks with who sits at the terminal. It then gets the terminal's Ctrl-C itself,
            and is never killed, since only it knows what it leaves.
        after_signal: Whether it tidies up behind a signal, which then is no reason not to start it.
        options: Those of `subprocess.Popen`.

    Returns:
        Its exit code; negative for a signal.

    Raises:
        Interrupted: This command was to end in the meantime; the program has ended.
    """
    if not after_signal:
        require_not_stopped()
    with _undisturbed():
        process = subprocess.Popen(list(map(str, command)), start_new_session=not foreground, **options)
        kind = _state.foreground if foreground else _state.background
        kind[process.pid] = process
        tie(process.pid)
        if _state.stopped_by is not None and not after_signal:  # since the look above
            _ask()
        code = process.wait()
        del kind[process.pid]
        untie(process.pid)
    if _state.stopped_by is not None and not after_signal:
        raise Interrupted(_state.stopped_by, code)
    return code


def tie(pid: int) -> None:
    """Have a process killed, with all that it started, if this command is killed."""
    _tell_lifeline(f"+{pid}\n")


def untie(pid: int) -> None:
    """Let a process outlive this command, or forget one that has ended."""
    _tell_lifeline(f"-{pid}\n")


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Raise nothing in the middle: a child that was started is to be known, and to be waited for."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _state.main_waits = True
    try:
        yield
    finally:
        _state.main_waits = False


def _tell_lifeline(line: str) -> None:
    with _state.lock, suppress(BrokenPipeError):
        if _state.lifeline is None:
            _state.lifeline = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _LIFELINE, str(ROOT)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                env=of_caller(),
                cwd="/",
            )
        if (told := _state.lifeline.stdin) is not None:
            told.write(line.encode())
            told.flush()


def _on_signal(number: int, _frame: FrameType | None) -> None:
    if _state.stopped_by is not None:
        _kill()
        return
    _state.stopped_by = number
    _ask()
    killer = threading.Timer(GRACE_SECONDS, _kill)
    killer.daemon = True
    killer.start()
    if not _state.main_waits:
        raise Interrupted(number)


def _ask() -> None:
    """Ask the children to end."""
    for pid in list(_state.background):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGINT)
    if not (os.isatty(0) and _state.stopped_by == signal.SIGINT):  # then the terminal has asked them
        for process in list(_state.foreground.values()):
            process.send_signal(signal.SIGINT)


def _kill() -> None:
    """Kill those children that nobody talks with."""
    for pid in set().union(*map(family, list(_state.background))):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
