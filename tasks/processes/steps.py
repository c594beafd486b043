"""Steps that show what runs and how long, and errors that say what to try next."""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tasks.processes import children

_output = threading.Lock()


class StepError(Exception):
    """A step that cannot go on.

    Args:
        message: What is wrong, on one line if it can be.
        remedy: The next thing to try.
        detail: What the failing tool itself said.
        code: Its exit code; negative for a signal.
    """

    def __init__(self, message: str, remedy: str = "", detail: str = "", code: int = 0) -> None:
        super().__init__(message)
        self.remedy = remedy
        self.detail = detail
        self.code = code


def say(text: str, *, error: bool = False) -> None:
    """Print a line, whole, from whichever thread."""
    with _output:
        print(text, file=sys.stderr if error else sys.stdout, flush=True)


@contextmanager
def step(name: str) -> Iterator[Callable[[str], None]]:
    """Announce a step and, at its end, what came of it and its seconds.

    Yields:
        A function that takes the words for what came of it.
    """
    outcome = "done"

    def note(words: str) -> None:
        nonlocal outcome
        outcome = words

    say(f"  ... {name}")
    start = time.monotonic()
    try:
        yield note
    except BaseException:
        say(f" FAIL {name} ({time.monotonic() - start:.1f} s)", error=True)
        raise
    say(f"  ok  {name}: {outcome} ({time.monotonic() - start:.1f} s)")


def run(
    command: Sequence[str | Path],
    *,
    remedy: str = "",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> str:
    """Run a tool to its end without a terminal and return what it printed.

    Args:
        command: The tool and its arguments.
        remedy: What to try next if it fails.
        cwd: The folder it runs in.
        env: Its environment variables (default: this process's).

    Raises:
        StepError: It is missing, or it failed; with all that it said.
    """
    words = [str(word) for word in command]
    # A file and not a pipe: nobody has to read while it ends, and it can end if this process is gone.
    with tempfile.TemporaryFile() as output:
        try:
            code = children.run_to_end(
                words, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
            )
        except FileNotFoundError as error:
            raise StepError(f"{words[0]} is not installed", remedy) from error
        output.seek(0)
        printed = output.read().decode(errors="replace")
    if code != 0:
        raise StepError(f"`{' '.join(words[:4])}` failed ({code})", remedy, printed, code)
    return printed


def report(error: StepError) -> None:
    """Print an error, what its tool said, and the next thing to try."""
    if error.detail:
        say(error.detail.rstrip(), error=True)
    say(f"error: {error}", error=True)
    if error.remedy:
        say(f"next:  {error.remedy}", error=True)
