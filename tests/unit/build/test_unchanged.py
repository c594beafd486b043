"""A build that changes nothing: what it looks at, and what it does not import."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from packager import build_stamps, unchanged
from unit.build.repository import Repository

ROOT = Path(__file__).parents[3]
PLATFORM = ["--arch", "x86_64"]


@pytest.fixture
def built(repository: Repository) -> Repository:
    """A repository that was built, and built again when its files had come of age."""
    repository.add_function("list_dragons")
    repository.write("functions/list_dragons/inner/paging.py", "SIZE = 50\n")
    repository.write("functions/list_dragons/inner/old.md")
    repository.write("functions/list_dragons/exclude.txt", "inner/*.md\n")
    repository.write("functions/list_dragons/env/pyvenv.cfg")
    repository.write("functions/gone/__pycache__/handler.cpython-313.pyc")
    repository.write("layers/shared/requirements.in", "tiny\n")
    repository.write("layers/shared/requirements.txt", repository.add_wheel("tiny", "1.0", {"tiny.py": ""}))
    repository.write("layers/shared/packages.txt", "../../shared/dragons\n")
    repository.write("shared/dragons/__init__.py")
    assert repository.build() == 0
    time.sleep(2 * build_stamps._TICK_NS / 1e9)  # a clock cannot be waited for otherwise
    assert repository.build() == 0
    return repository


def words(repository: Repository, arguments: list[str] = PLATFORM) -> str | None:
    return unchanged.unchanged_report(str(repository.root), arguments)


def test_it_says_what_the_build_said(built: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert built.build() == 0
    said, _, _ = capsys.readouterr().out.rpartition(" in ")
    assert words(built, PLATFORM) == f"{said} in 0.00 s: dist/manifest.json"
    assert "0 built, 2 unchanged" in said


CHANGES: dict[str, Callable[[Path], object]] = {
    "a source": lambda root: (root / "functions/list_dragons/inner/paging.py").write_text("SIZE = 51\n"),
    "its mode": lambda root: (root / "functions/list_dragons/handler.py").chmod(0o755),
    "a new file": lambda root: (root / "functions/list_dragons/inner/new.py").touch(),
    "a file less": lambda root: (root / "functions/list_dragons/inner/paging.py").unlink(),
    "a new name": lambda root: (root / "shared/dragons/__init__.py").rename(root / "shared/dragons/a.py"),
    "a new function": lambda root: (root / "functions/new").mkdir(),
    "a lock": lambda root: (root / "layers/shared/requirements.txt").write_text(""),
    "settings": lambda root: (root / "layers/shared/packages.txt").write_text(""),
    "a zip": lambda root: (root / "dist/layers/shared.zip").write_bytes(b""),
    "a zip less": lambda root: (root / "dist/functions/list_dragons.zip").unlink(),
    "the manifest": lambda root: (root / "dist/manifest.json").unlink(),
    "a glob": lambda root: (root / "functions/list_dragons/exclude.txt").write_text("inner/old*"),
    "a folder's first glob": lambda root: (root / "shared/dragons/exclude.txt").write_text("*.md"),
    "a virtual environment": lambda root: (root / "functions/list_dragons/inner/pyvenv.cfg").touch(),
    "no virtual environment": lambda root: (root / "functions/list_dragons/env/pyvenv.cfg").unlink(),
    "a function where one was": lambda root: (root / "functions/gone/handler.py").touch(),
    "a function at the edge": lambda root: (root / "functions/list_dragons/edge.txt").write_text("origin"),
    "what is wanted": lambda root: (root / "layers/shared/requirements.in").write_text("other"),
    "what it has seen": lambda root: (root / "dist/.build_stamps").write_text("\0"),
    "nothing it has seen": lambda root: (root / "dist/.build_stamps").unlink(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_is_seen(built: Repository, change: str) -> None:
    assert words(built) is not None
    CHANGES[change](built.root)
    assert words(built) is None


def test_what_does_not_ship_is_no_change(built: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("handler.py~", "inner/new.md", ".env"):
        built.write(f"functions/list_dragons/{name}")
    capsys.readouterr()
    assert built.build() == 0
    assert "0 built, 2 unchanged" in capsys.readouterr().out


def test_a_time_set_back_hides_no_change(built: Repository) -> None:
    source = built.root / "functions/list_dragons/inner/paging.py"
    before = source.stat()
    source.write_text("SIZE = 99\n")
    os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert source.stat().st_mtime_ns == before.st_mtime_ns
    assert words(built) is None


def test_another_platform_is_another_build(built: Repository) -> None:
    assert words(built, ["--arch", "arm64"]) is None


def test_what_has_just_changed_is_not_trusted(repository: Repository) -> None:
    repository.add_function("list_dragons")
    repository.build()
    assert words(repository) is None


@pytest.mark.parametrize(
    ("age", "new"), [(0.04, True), (0.06, False), (1, True), (3, False)], ids=["ms", "old ms", "s", "old s"]
)
def test_how_new_is_too_new_depends_on_the_file_systems_clock(
    monkeypatch: pytest.MonkeyPatch, age: float, new: bool
) -> None:
    """A time without a fraction may be one of a file system that keeps seconds."""
    changed = 1_800_000_000_000_000_000 + (0 if age >= 1 else 1_000_000)
    monkeypatch.setattr(time, "time_ns", lambda: changed + int(age * 1e9))
    assert build_stamps._is_new(f"1 2 {changed}") is new


def test_another_packager_builds_again(built: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = unchanged.stamp
    monkeypatch.setattr(
        unchanged, "stamp", lambda path: "changed" if path.endswith("pipeline.py") else stamp(path)
    )
    assert words(built) is None


def test_nothing_heavy_is_imported() -> None:
    """The ratio to an interpreter that does nothing depends on this alone."""
    program = (
        "import os, sys; before = set(sys.modules)\n"
        "import build\n"
        "build.unchanged_report(build.ROOT, [])\n"
        "print(*(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{program}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(done.stdout.split()) <= {"build", "packager", "packager.unchanged", "time"}
