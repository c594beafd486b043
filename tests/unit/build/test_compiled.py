"""Compiled code: for the target's Python, the same everywhere, and used as it is."""

import importlib.util
import marshal
import os
import subprocess
import sys
from pathlib import Path
from types import CodeType

import pytest

from packager import inspection, interpreter
from unit.build.repository import HANDLER, Repository

HANDLER_PYC = "list_dragons/__pycache__/handler.cpython-313.pyc"


def code_of(pyc: bytes) -> CodeType:
    code = marshal.loads(pyc[16:])
    assert isinstance(code, CodeType)
    return code


@pytest.fixture
def repository(repository: Repository) -> Repository:
    repository.add_function("list_dragons")
    repository.write("functions/list_dragons/text.txt", "no source")
    lock = repository.add_wheel("tiny", "1.0", {"tiny/__init__.py": "X = 1\n", "tiny/old.py": "print 1\n"})
    repository.write("layers/shared/requirements.txt", lock)
    repository.write("layers/shared/packages.txt", "../../shared/dragons\n")
    repository.write("shared/dragons/__init__.py", "Y = 2\n")
    return repository


def test_every_source_has_its_compiled_file(repository: Repository) -> None:
    assert repository.build() == 0
    assert set(repository.compiled("functions/list_dragons")) == {HANDLER_PYC}
    assert set(repository.compiled("layers/shared")) == {  # a wheel's file that is no Python 3 goes without
        "python/dragons/__pycache__/__init__.cpython-313.pyc",
        "python/tiny/__pycache__/__init__.cpython-313.pyc",
    }
    assert repository.manifest["layers"]["shared"]["compiled"] is True


def test_it_is_used_whatever_the_sources_time_and_place(repository: Repository) -> None:
    repository.build()
    pyc = repository.compiled("functions/list_dragons")[HANDLER_PYC]
    assert pyc[:4] == importlib.util.MAGIC_NUMBER
    assert int.from_bytes(pyc[4:8], "little") == 0b01  # PEP 552: by hash, unchecked
    assert pyc[8:16] == importlib.util.source_hash(HANDLER.encode())
    assert code_of(pyc).co_filename == "/var/task/list_dragons/handler.py"
    layer = repository.compiled("layers/shared")
    [tiny] = [pyc for path, pyc in layer.items() if path.startswith("python/tiny")]
    assert code_of(tiny).co_filename == "/opt/python/tiny/__init__.py"


def test_without_the_targets_python_it_goes_on_and_says_so(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interpreter, "find", lambda version, cache: None)
    assert repository.build() == 0
    assert repository.compiled("functions/list_dragons") == {}
    assert "no Python 3.13 on this machine: nothing is compiled" in capsys.readouterr().out
    without = repository.manifest["functions"]["list_dragons"]
    assert without["compiled"] is False
    monkeypatch.undo()
    assert repository.build() == 0  # as soon as there is one
    assert set(repository.compiled("functions/list_dragons")) == {HANDLER_PYC}
    assert repository.manifest["functions"]["list_dragons"]["content_digest"] != without["content_digest"]


def test_it_is_compiled_once(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.build()
    before = repository.compiled("layers/shared")
    monkeypatch.setattr(inspection.Inspector, "_run", None)
    for path in (repository.root / "dist").rglob("*.zip"):
        path.unlink()
    assert repository.build() == 0
    assert repository.compiled("layers/shared") == before


def test_a_damaged_memory_of_it_is_made_again(repository: Repository) -> None:
    repository.build()
    before = repository.compiled("layers/shared")
    for path in (repository.cache / "inspections").glob("*.zip"):
        path.write_bytes(path.read_bytes()[:-1])
    (repository.root / "dist/layers/shared.zip").unlink()
    assert repository.build() == 0
    assert repository.compiled("layers/shared") == before


def test_order_company_and_hash_seed_do_not_matter() -> None:
    """The compiler shares what several files have in common; none of it may show."""
    sources = [(path.read_bytes(), str(path)) for path in sorted(Path(os.__file__).parent.glob("[a-e]*.py"))]

    def compiled(files: list[tuple[bytes, str]], seed: str) -> dict[str, bytes]:
        done = subprocess.run(
            [sys.executable, "-S", "-B", inspection._SCRIPT],
            input=marshal.dumps((True, files), 2),
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        found = marshal.loads(done.stdout)
        return {name: each[0] for (_, name), each in zip(files, found, strict=True)}

    together = compiled(sources, "1")
    alone: dict[str, bytes] = {}
    for first in range(0, len(sources), 7):
        alone |= compiled(sources[first : first + 7], "2")
    assert compiled(sources[::-1], "3") == together == alone
    assert all(together.values())
