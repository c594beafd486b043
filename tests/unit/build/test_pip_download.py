"""The real pip on handmade wheels, without network, and what its failures are called."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from packager import pip_download
from packager.artifact import Target
from packager.errors import BuildError
from packager.lock import Lock, read_lock
from packager.pip_download import download, explain, platforms
from unit.build.repository import lock_line, wheel_bytes

X86 = Target("3.13", "x86_64")
ARM = Target("3.13", "arm64")
WHEEL = wheel_bytes("tiny", "1.0", {"tiny.py": ""})


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all that pip finds packages in."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def lock(folder: Path, text: str) -> Lock:
    path = folder / "requirements.txt"
    path.write_text(text, encoding="utf-8")
    return read_lock(str(path), "layers/x/requirements.txt")


def downloaded(tmp_path: Path, target: Target) -> list[str]:
    folder = tmp_path / target.architecture
    download(lock(tmp_path, lock_line("tiny", "1.0", WHEEL)), target, str(folder))
    return sorted(path.name for path in folder.iterdir())


def test_pip_takes_the_wheel_that_lambda_can_load(index: Path, tmp_path: Path) -> None:
    fitting = [
        "tiny-1.0-cp313-cp313-manylinux_2_28_aarch64.whl",
        "tiny-1.0-cp39-abi3-manylinux2014_x86_64.whl",
    ]
    for name in [
        *fitting,
        "tiny-1.0-cp313-cp313-manylinux_2_39_x86_64.whl",
        "tiny-1.0-cp312-cp312-manylinux_2_28_x86_64.whl",
        "tiny-1.0-cp313-cp313-musllinux_1_2_x86_64.whl",
    ]:
        (index / name).write_bytes(WHEEL)
    assert downloaded(tmp_path, ARM) + downloaded(tmp_path, X86) == fitting


def test_the_shell_of_the_caller_bends_nothing(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "PIP_REQUIRE_VIRTUALENV": "1",
        "PIP_PLATFORM": "win32",
        "PIP_ABI": "cp39",
        "PIP_REQUIREMENT": str(tmp_path / "theirs.txt"),
        "PIP_CONSTRAINT": str(tmp_path / "theirs.txt"),
        "PYTHONHOME": str(tmp_path),
        "PYTHONPATH": str(tmp_path),
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "json.py").write_text("raise SystemExit('not the standard library')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("tiny-1.0-py3-none-manylinux2014_x86_64.whl", "tiny-1.0-cp39-cp39-win32.whl"):
        (index / name).write_bytes(WHEEL)
    assert downloaded(tmp_path, X86) == ["tiny-1.0-py3-none-manylinux2014_x86_64.whl"]


def test_no_wheel_for_the_platform(index: Path, tmp_path: Path) -> None:
    (index / "tiny-1.0-cp313-cp313-macosx_11_0_arm64.whl").write_bytes(WHEEL)
    with pytest.raises(BuildError) as caught:
        downloaded(tmp_path, ARM)
    assert caught.value.problems == (
        "layers/x/requirements.txt: tiny==1.0 has no wheel for python3.13 on arm64 Linux; "
        "choose a version that has one, or another package",
    )


def test_a_file_that_is_not_the_locked_one(index: Path, tmp_path: Path) -> None:
    (index / "tiny-1.0-py3-none-any.whl").write_bytes(wheel_bytes("tiny", "1.0", {"other.py": ""}))
    with pytest.raises(BuildError) as caught:
        downloaded(tmp_path, X86)
    [problem] = caught.value.problems
    assert "the file of tiny==1.0 matches none of its hashes" in problem


def test_no_pip_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildError, match="pip: not found; install it"):
        downloaded(tmp_path, X86)


def test_the_network_is_named_before_what_follows_from_it() -> None:
    stderr = (
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'refused': /simple/tiny/\n"
        "ERROR: No matching distribution found for tiny==1.0\n"
    )
    assert explain(stderr, X86) == (
        "pip cannot reach its package index; check the network: connection broken by 'refused': /simple/tiny/"
    )


@pytest.mark.parametrize(
    ("stderr", "reason"),
    [
        ("WARNING: x\nERROR: disk on fire\n\n[notice] A new release of pip\n", "ERROR: disk on fire"),
        ("", "it gave no reason"),
    ],
)
def test_any_other_failure_is_told_in_its_unchanged_report(stderr: str, reason: str) -> None:
    assert explain(stderr, X86) == f"pip failed: {reason}"


def test_platforms_go_from_lambdas_glibc_to_the_oldest() -> None:
    assert platforms(X86)[:2] == ["manylinux_2_34_x86_64", "manylinux_2_33_x86_64"]
    assert platforms(X86)[-2:] == ["manylinux_2_5_x86_64", "manylinux1_x86_64"]
    assert platforms(ARM)[-2:] == ["manylinux_2_17_aarch64", "manylinux2014_aarch64"]
    assert "manylinux2010_x86_64" in platforms(X86)


def test_a_bar_shows_how_many_are_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.whl").touch()
    pip_download._show(str(tmp_path), 3)
    assert capsys.readouterr().err == ""  # nobody is looking
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    pip_download._show(str(tmp_path), 3)
    assert capsys.readouterr().err == f"\r  [{'#' * 10}{' ' * 20}] 1/3"


def test_several_are_fetched_at_once_and_all_of_them(index: Path, tmp_path: Path) -> None:
    text = ""
    for number in range(6):
        wheel = wheel_bytes(f"tiny{number}", "1.0", {"tiny.py": ""})
        (index / f"tiny{number}-1.0-py3-none-any.whl").write_bytes(wheel)
        text += lock_line(f"tiny{number}", "1.0", wheel)
    folder = tmp_path / "wheels"
    download(lock(tmp_path, text), X86, str(folder))
    assert sorted(path.name[:5] for path in folder.iterdir()) == [f"tiny{number}" for number in range(6)]


def test_an_interruption_ends_every_pip(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    start = pip_download._start

    def note(*arguments: Any) -> subprocess.Popen[bytes]:
        started.append(start(*arguments))
        return started[-1]

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pip_download, "_start", note)
    monkeypatch.setattr(pip_download, "_show", interrupt)
    with pytest.raises(KeyboardInterrupt):
        downloaded(tmp_path, X86)
    assert all(run.poll() is not None for run in started)
