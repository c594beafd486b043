"""Where the tests' browser comes from."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.environment import chromium
from tasks.processes.steps import StepError


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], Path]:
    """Make a program below a folder of nothing else."""

    def make(name: str) -> Path:
        made = tmp_path / name
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_text("#!/bin/sh\n")
        made.chmod(0o755)
        return made

    return make


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine of a user who may install nothing."""
    for name in ("CHROMIUM", "PLAYWRIGHT_BROWSERS_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


def test_one_that_is_named_comes_first(
    monkeypatch: pytest.MonkeyPatch, program: Callable[[str], Path]
) -> None:
    program("bin/chromium")
    named = program("elsewhere/chrome")
    monkeypatch.setenv("CHROMIUM", str(named))
    assert chromium.find() == named


def test_one_that_is_named_and_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, program: Callable[[str], Path]
) -> None:
    program("bin/chromium")
    monkeypatch.setenv("CHROMIUM", "/no/such/chrome")
    with pytest.raises(StepError, match="CHROMIUM=/no/such/chrome is no program"):
        chromium.find()


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_one_on_the_path_is_found(program: Callable[[str], Path], name: str) -> None:
    program("home/.cache/ms-playwright/chromium-1200/chrome-linux/chrome")
    found = program(f"bin/{name}")
    assert chromium.find() == found


@pytest.mark.parametrize(
    "path",
    [
        "home/.cache/ms-playwright/chromium-1200/chrome-linux64/chrome",
        "home/Library/Caches/ms-playwright/chromium-1200/chrome-mac/Chromium.app/Contents/MacOS/Chromium",
    ],
)
def test_playwrights_own_is_found(program: Callable[[str], Path], path: str) -> None:
    found = program(path)
    assert chromium.find() == found


def test_debian_installs_it_as_root(monkeypatch: pytest.MonkeyPatch, program: Callable[[str], Path]) -> None:
    program("bin/apt-get")
    ran: list[tuple[str, ...]] = []

    def run(command: tuple[str, ...], **_: object) -> str:
        ran.append(command)
        if "install" in command:
            program("bin/chromium")
        return ""

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(chromium, "run", run)
    assert chromium.find() == Path(shutil.which("chromium") or "")
    assert [command[:2] for command in ran] == [("apt-get", "update"), ("apt-get", "install")]
    assert ran[-1][-1] == "chromium"


@pytest.mark.parametrize(("apt", "user"), [(True, 1000), (False, 0)])
def test_elsewhere_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, program: Callable[[str], Path], apt: bool, user: int
) -> None:
    if apt:
        program("bin/apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: user)
    with pytest.raises(StepError, match="need Chromium: install it") as caught:
        chromium.find()
    assert "\n" not in str(caught.value)
