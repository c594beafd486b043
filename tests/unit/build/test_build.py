"""What a build makes, and what it leaves alone."""

import hashlib
import os
import re
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from unit.build.repository import HANDLER, Repository

ROOT = Path(__file__).parents[3]
PROGRAM = (
    "import sys; from packager import command; "
    "command.main(['--arch', 'x86_64'], root=sys.argv[1], cache=sys.argv[2])"
)


@pytest.fixture
def repository(repository: Repository) -> Repository:
    """Two functions, one with a dependency of its own, and a layer of a wheel and a source package."""
    repository.add_function("list_dragons")
    repository.write("functions/list_dragons/paging.py", "SIZE = 50\n")
    own = repository.add_wheel("tiny", "1.0", {"tiny/__init__.py": "X = 1\n"})
    repository.add_function("validate_dragon", requirements=own)
    lock = repository.add_wheel("Big.Lib", "2.0", {"big_lib.py": "Y = 2\n"})
    repository.write("layers/shared/requirements.txt", lock)
    repository.write("layers/shared/requirements.in", "big-lib\n")
    repository.write("layers/shared/packages.txt", "../../shared/dragons\n")
    repository.write("shared/dragons/__init__.py")
    repository.write("shared/dragons/schemas/dragon.json", "{}")
    return repository


def _state(repository: Repository) -> dict[str, tuple[int, bytes]]:
    dist = repository.root / "dist"
    files = [path for path in dist.rglob("*") if path.is_file() and not path.name.startswith(".")]
    return {str(path): (path.stat().st_ino, path.read_bytes()) for path in files}


def test_each_folder_becomes_a_zip(repository: Repository) -> None:
    assert repository.build() == 0
    assert repository.zipped("functions/list_dragons") == {
        "list_dragons/handler.py": HANDLER.encode(),
        "list_dragons/paging.py": b"SIZE = 50\n",
    }
    own = set(repository.zipped("functions/validate_dragon"))
    assert {"validate_dragon/handler.py", "tiny/__init__.py", "tiny-1.0.dist-info/METADATA"} < own
    assert not any("requirements" in path for path in own)
    layer = set(repository.zipped("layers/shared"))
    assert {"python/big_lib.py", "python/dragons/schemas/dragon.json"} < layer
    assert all(path.startswith("python/") for path in layer)


def test_the_manifest_describes_each_zip(repository: Repository) -> None:
    repository.build("--arch", "arm64", "--python", "3.14")
    manifest = repository.manifest
    assert set(manifest) == {"version", "functions", "layers"}
    assert manifest["version"] == 1
    record = manifest["functions"]["list_dragons"]
    content = (repository.root / record["path"]).read_bytes()
    assert re.fullmatch("[0-9a-f]{64}", record.pop("content_digest"))
    assert record == {
        "path": "dist/functions/list_dragons.zip",
        "sha256": hashlib.sha256(content).hexdigest(),
        "zip_size": len(content),
        "unzipped_size": len(HANDLER) + len("SIZE = 50\n"),
        "compiled": False,
        "services": [],
        "handler": "list_dragons.handler.handler",
        "runtime": "python3.14",
        "architecture": "arm64",
    }
    assert manifest["layers"]["shared"]["handler"] is None
    assert repository.manifest_text.endswith("}\n")
    assert str(repository.root) not in repository.manifest_text


def test_nothing_changed_writes_nothing(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.build()
    before = _state(repository)
    capsys.readouterr()
    assert repository.build() == 0
    assert _state(repository) == before
    printed = capsys.readouterr().out
    assert re.search(r"^layers/shared +unchanged .* zipped .* unzipped$", printed, re.M)
    assert re.search(r"^functions/list_dragons +unchanged .* of 250.0 MB with layers$", printed, re.M)
    assert repository.fetches == 2  # one for each lock, by the first build


@pytest.mark.parametrize("text", ["", "\n", "\ufeff", "# nothing yet\r\n\r\n"])
def test_an_empty_lock_is_none(repository: Repository, text: str) -> None:
    """Scaffolds make one."""
    repository.write("functions/list_dragons/requirements.txt", text)
    repository.write("layers/ours/requirements.txt", text)
    repository.write("layers/ours/packages.txt", "\ufeff# ours\r\n../../shared/dragons\r\n")
    repository.write("functions/list_dragons/handler.py", f"\ufeff{HANDLER}")
    assert repository.build() == 0
    assert set(repository.zipped("functions/list_dragons")) == {
        "list_dragons/handler.py",
        "list_dragons/paging.py",
    }
    assert "python/dragons/__init__.py" in repository.zipped("layers/ours")
    assert repository.fetches == 2


def test_one_function_changed_writes_its_zip_alone(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.build()
    before = _state(repository)
    capsys.readouterr()
    repository.write("functions/list_dragons/paging.py", "SIZE = 51\n")
    repository.build()
    after = _state(repository)
    changed = {Path(path).name for path in after if after[path] != before[path]}
    assert changed == {"list_dragons.zip", "manifest.json"}
    assert "1 built, 2 unchanged" in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["missing", "other bytes"])
def test_a_damaged_zip_is_made_again(repository: Repository, damage: str) -> None:
    repository.build()
    before = repository.manifest
    zip_file = repository.root / "dist/layers/shared.zip"
    whole = zip_file.read_bytes()
    zip_file.unlink()
    if damage == "other bytes":
        zip_file.write_bytes(bytes(len(whole)))
    repository.build()
    assert zip_file.read_bytes() == whole
    assert repository.manifest == before


@pytest.mark.parametrize(
    "manifest",
    ["", "[]", "{}", '{"version": 2}', '{"version": 1, "functions": [], "layers": 3}', "\udcff"],
)
def test_a_damaged_manifest_is_made_again(repository: Repository, manifest: str) -> None:
    repository.build()
    before = repository.manifest_text
    repository.write("dist/manifest.json", manifest.encode("utf-8", "surrogateescape"))
    assert repository.build() == 0
    assert repository.manifest_text == before


def test_what_a_folder_no_longer_makes_is_removed(repository: Repository) -> None:
    repository.build()
    (repository.root / "functions/list_dragons/handler.py").unlink()
    (repository.root / "functions/list_dragons/paging.py").unlink()
    repository.write("functions/list_dragons/__pycache__/handler.cpython-313.pyc")
    assert repository.build() == 0
    assert not (repository.root / "dist/functions/list_dragons.zip").exists()
    assert set(repository.manifest["functions"]) == {"validate_dragon"}


def test_another_platform_makes_everything_anew(repository: Repository) -> None:
    repository.build()
    first = repository.manifest
    repository.build("--arch", "arm64")
    second = repository.manifest
    for kind, name in [("functions", "list_dragons"), ("layers", "shared")]:
        digests = {manifest[kind][name]["content_digest"] for manifest in (first, second)}
        assert len(digests) == 2
    assert repository.fetches == 4


def test_an_error_leaves_the_last_build_as_it_was(repository: Repository) -> None:
    repository.build()
    before = _state(repository)
    repository.write("functions/list_dragons/paging.py", "SIZE = 52\n")
    repository.write("functions/validate_dragon/handler.py", "")
    assert repository.build() == 1
    assert _state(repository) == before


def test_an_interruption_leaves_the_last_build_as_it_was(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.build()
    before = _state(repository)
    line = repository.add_wheel("late", "1.0", {"late.py": ""})
    repository.write("layers/shared/requirements.txt", line)
    repository.write("layers/shared/requirements.in", "late\n")
    repository.write("functions/list_dragons/paging.py", "SIZE = 53\n")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(repository, "fetch", interrupt)
    assert repository.build() == 130
    assert "interrupted" in capsys.readouterr().err
    assert _state(repository) == before
    assert not list(repository.cache.rglob(".partial*"))


@pytest.mark.parametrize(
    ("limit", "room", "named"),
    [
        (resource.RLIMIT_FSIZE, 0, r"/dist/\S+|/inspections/\S+|/python3.13"),
        (resource.RLIMIT_NOFILE, 4, r"/dist\S*|/inspections/\S+|/functions\S*|/layers\S*|python\S*"),
    ],
)
def test_a_machine_at_its_limits_names_the_file(
    repository: Repository, capsys: pytest.CaptureFixture[str], limit: int, room: int, named: str
) -> None:
    soft, hard = resource.getrlimit(limit)
    used = len(os.listdir("/dev/fd")) if limit == resource.RLIMIT_NOFILE else 0  # noqa: PTH208
    resource.setrlimit(limit, (used + room, hard))
    try:
        assert repository.build() == 1
    finally:
        resource.setrlimit(limit, (soft, hard))
    error = capsys.readouterr().err
    assert re.search(rf"^error: \S*({named}): (File too large|Too many open files)", error, re.MULTILINE)
    assert repository.build() == 0


def test_a_build_that_fails_while_it_commits_is_made_good_by_the_next(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.build()
    repository.write("functions/list_dragons/paging.py", "SIZE = 54\n")
    repository.write("functions/validate_dragon/paging.py", "SIZE = 54\n")
    replace = os.replace

    def fail_on_validate(source: str, target: str) -> None:
        if source.endswith("validate_dragon.zip"):
            raise OSError(28, os.strerror(28), target)
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail_on_validate)
        assert repository.build() == 1
    assert "No space left on device" in capsys.readouterr().err
    assert "validate_dragon/paging.py" not in repository.zipped("functions/validate_dragon")
    assert repository.build() == 0
    for name in ("list_dragons", "validate_dragon"):
        content = (repository.root / f"dist/functions/{name}.zip").read_bytes()
        record = repository.manifest["functions"][name]
        assert record["sha256"] == hashlib.sha256(content).hexdigest()
        assert f"{name}/paging.py" in repository.zipped(f"functions/{name}")


def test_an_unknown_machine_asks_for_the_architecture(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = os.uname_result(("Linux", "host", "6", "1", "riscv64"))
    monkeypatch.setattr(os, "uname", lambda: machine)
    with pytest.raises(SystemExit) as stopped:
        repository.build("--python", "3.13")
    assert "riscv64" in str(stopped.value)
    assert "--arch" in str(stopped.value)


def test_the_machine_decides_the_architecture(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = os.uname_result(("Darwin", "host", "24", "1", "arm64"))
    monkeypatch.setattr(os, "uname", lambda: machine)
    repository.build("--python", "3.13")
    assert repository.manifest["layers"]["shared"]["architecture"] == "arm64"


@pytest.mark.parametrize("milliseconds", [30, 60, 90, 120, 150, 180])
def test_a_build_that_is_killed_leaves_whole_zips(repository: Repository, milliseconds: int) -> None:
    repository.build()
    repository.write("functions/list_dragons/paging.py", "SIZE = 55\n")
    repository.write("shared/dragons/large.py", f"TEXT = {'x' * 2_000_000!r}\n")
    child = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, repository.root, repository.cache],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    with suppress(subprocess.TimeoutExpired):
        child.wait(milliseconds / 1000)
    child.kill()
    child.wait()
    for name in ("functions/list_dragons", "functions/validate_dragon", "layers/shared"):
        assert repository.zipped(name)  # reads and verifies every file
    assert set(repository.manifest["functions"]) == {"list_dragons", "validate_dragon"}
    assert repository.build() == 0
    assert repository.zipped("functions/list_dragons")["list_dragons/paging.py"] == b"SIZE = 55\n"
    assert not (repository.root / "dist/.staging").exists()
