"""The browser of the tests: Chromium, wherever it comes from."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tasks.environment import variables
from tasks.processes.steps import StepError, run

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""How it is started: without a screen, also as root, and without calls of its own to anywhere."""

_ON_PATH = ("chromium", "chromium-browser", "google-chrome")
_CACHES = (".cache/ms-playwright", "Library/Caches/ms-playwright")
_OWN = ("chrome-linux*/chrome", "chrome-mac*/*.app/Contents/MacOS/*")
_APT = (
    ("apt-get", "update", "--quiet"),
    ("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "chromium"),
)


def find() -> Path:
    """Find it, or install it where that is possible without asking anybody: on Debian, as root.

    Returns:
        Its program: of `CHROMIUM`, else on PATH, else Playwright's own.

    Raises:
        StepError: There is none; says what to install.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        return _named(named)
    found = next(_candidates(), None)
    if found is None and shutil.which("apt-get") and os.geteuid() == 0:
        _install()
        found = next(_candidates(), None)
    if found is None:
        raise StepError(
            "the tests in a browser need Chromium: install it (apt install chromium, brew install chromium), "
            "or export CHROMIUM=<path>"
        )
    return found


def _install() -> None:
    env = variables.for_downloads() | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in _APT:
        run(command, env=env, remedy="put right what it says above, or export CHROMIUM=<path>")


def _named(path: str) -> Path:
    found = shutil.which(path)
    if found is None:
        raise StepError(f"CHROMIUM={path} is no program", "name Chromium's, or leave CHROMIUM out")
    return Path(found)


def _candidates() -> Iterator[Path]:
    yield from (Path(found) for found in map(shutil.which, _ON_PATH) if found)
    folders = [Path.home() / each for each in _CACHES]
    if own := os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        folders.insert(0, Path(own))
    for folder in folders:
        for pattern in _OWN:
            yield from sorted(folder.glob(f"chromium-*/{pattern}"), reverse=True)
