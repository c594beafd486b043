"""A function with packages of its own is tested with the versions that it ships, in a pytest of its own."""

import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from packager.errors import BuildError
from support import type_check
from support.own_packages import Function, function_of, functions, python_of
from unit.build.repository import lock_line, wheel_bytes

ROOT = Path(__file__).parents[2]
SETTINGS = f"""
[tool.pytest.ini_options]
pythonpath = ["functions", {str(ROOT)!r}, {str(ROOT / "tests")!r}]
addopts = "-p no:anyio -p no:cacheprovider --import-mode=importlib"
timeout = 120
"""
HANDLER = "import fastjsonschema\ndef handler(event, context):\n    return fastjsonschema.VERSION\n"
TESTS = """
from importlib import metadata
import pytest
from {name}.handler import handler

def test_it_is_what_ships():
    assert handler(None, None) == metadata.version("fastjsonschema") == "{version}"

@pytest.mark.parametrize("letter", ["a", "ż"])
def test_a_letter(letter):
    print("said", letter)
    assert letter == "a"

class TestClass:
    def test_that_is_skipped(self):
        pytest.skip("not today")
"""


class Checkout:
    """A repository of two functions, which ship two versions of a package of which .venv has a third."""

    def __init__(self, folder: Path) -> None:
        self.root, self.index = folder / "repository", folder / "index"
        self.index.mkdir()
        self.write("pyproject.toml", SETTINGS)
        self.write("functions/plain/handler.py", "def handler(event, context): ...\n")
        self.write(
            "tests/unit/functions/test_plain.py",
            "import fastjsonschema\ndef test_it(): assert fastjsonschema.VERSION > '2'\n",
        )
        shutil.copy(ROOT / "tests/unit/functions/conftest.py", self.root / "tests/unit/functions")
        for name, version in (("one", "0.1"), ("one_more", "0.2")):
            self.ship(name, version)
            self.write(f"functions/{name}/handler.py", HANDLER)
            self.write(f"tests/unit/functions/test_{name}.py", TESTS.format(name=name, version=version))

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def ship(
        self, name: str, version: str, *, tag: str = "py3-none-any", value: str = "", typed: bool = False
    ) -> None:
        files = {"fastjsonschema/__init__.py": f"VERSION = {value or repr(version)}\n"}
        wheel = wheel_bytes(
            "fastjsonschema", version, files | ({"fastjsonschema/py.typed": ""} if typed else {})
        )
        (self.index / f"fastjsonschema-{version}-{tag}.whl").write_bytes(wheel)
        self.write(f"functions/{name}/requirements.txt", lock_line("fastjsonschema", version, wheel))

    def function(self, name: str) -> Function:
        return next(each for each in functions(self.root) if each.name == name)

    def pytest(self, *arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "pytest", "-v", "-p", "pytest_timeout", *arguments]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    made = Checkout(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(made.index))
    return made


def test_each_function_is_tested_with_what_it_ships(checkout: Checkout) -> None:
    assert metadata.version("fastjsonschema") not in ("0.1", "0.2")
    code, said = checkout.pytest("tests")
    for name in ("one", "one_more"):
        assert f"tests/unit/functions/test_{name}.py::test_it_is_what_ships PASSED" in said
        assert f"tests/unit/functions/test_{name}.py::test_a_letter[a] PASSED" in said
        assert f"tests/unit/functions/test_{name}.py::TestClass::test_that_is_skipped SKIPPED" in said
        assert f"FAILED tests/unit/functions/test_{name}.py::test_a_letter[\\u017c]" in said
    assert "tests/unit/functions/test_plain.py::test_it PASSED" in said
    assert "2 failed, 5 passed, 2 skipped" in said
    assert "AssertionError: assert 'ż' == 'a'" in said
    assert "said ż" in said
    assert code == 1


def test_one_of_its_tests_is_run_alone(checkout: Checkout) -> None:
    code, said = checkout.pytest("tests/unit/functions/test_one.py::test_it_is_what_ships", "-k", "ships")
    assert (code, "1 passed in" in said) == (0, True)


def test_another_lock_is_another_environment(checkout: Checkout) -> None:
    python = python_of(checkout.function("one"))
    checkout.ship("one", "0.3")
    assert python_of(checkout.function("one")) == python
    command = [str(python), "-c", "import fastjsonschema, psutil; print(fastjsonschema.VERSION)"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "0.3\n"


def test_it_is_made_once(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    python = python_of(checkout.function("one"))
    shutil.rmtree(checkout.index)
    shutil.rmtree(os.environ["XDG_CACHE_HOME"])
    assert python_of(checkout.function("one")) == python


def test_what_keeps_a_module_from_its_tests(checkout: Checkout) -> None:
    checkout.write("tests/unit/functions/test_one.py", "import fastjsonschema.gone\n")
    checkout.write("tests/unit/functions/test_one_more.py", "import os\ndef test_it():\n    os._exit(3)\n")
    checkout.write("functions/plain/requirements.txt", "six\n")
    code, said = checkout.pytest("tests", "--continue-on-collection-errors")
    assert "functions/plain/requirements.txt:1: 'six' is not pinned with ==" in said
    assert code == pytest.ExitCode.TESTS_FAILED
    assert "No module named 'fastjsonschema.gone'" in said
    assert "FAILED tests/unit/functions/test_one_more.py::test_it" in said


def test_code_of_lambdas_linux_alone(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = os.uname().machine
    checkout.ship("one", "0.4", tag=f"py3-none-manylinux2014_{machine}")
    monkeypatch.setattr(os, "confstr", lambda _: None)
    with pytest.raises(BuildError, match="is for Lambda's Linux; run the tests on Linux"):
        python_of(checkout.function("one"))


def test_types_are_those_of_what_each_function_ships(
    checkout: Checkout, capfd: pytest.CaptureFixture[str]
) -> None:
    checkout.write(
        "pyproject.toml",
        "[tool.mypy]\nstrict = true\nexplicit_package_bases = true\n"
        "mypy_path = 'functions'\nfiles = ['functions']\n",
    )
    shutil.rmtree(checkout.root / "tests")
    for name, kind in (("one", "str"), ("one_more", "int")):
        checkout.ship(name, f"0.{kind == 'int':d}", value=f"{kind}()", typed=True)
        handler = (
            f"import fastjsonschema, psutil\ndef handler() -> {kind}:\n    return fastjsonschema.VERSION\n"
        )
        checkout.write(f"functions/{name}/handler.py", handler)
    checkout.write("functions/plain/handler.py", "def handler() -> str:\n    return ''\n")
    assert type_check.check(checkout.root) == 0, capfd.readouterr()
    assert capfd.readouterr().out.count("no issues found in 1 source file") == 3
    checkout.write(
        "functions/one_more/handler.py", "import fastjsonschema\nX: str = fastjsonschema.VERSION\n"
    )
    assert type_check.check(checkout.root) == 1
    assert (
        "functions/one_more/handler.py:2: error: Incompatible types in assignment" in capfd.readouterr().out
    )


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("test_one", "one"),
        ("test_one_times", "one"),
        ("test_one_more", "one_more"),
        ("test_one_more_times", "one_more"),
        ("test_ones", None),
        ("test_plain", None),
    ],
)
def test_a_module_is_named_like_the_function_it_tests(
    checkout: Checkout, module: str, name: str | None
) -> None:
    found = function_of(Path(f"tests/unit/functions/{module}.py"), checkout.root)
    assert (found.name if found else None) == name


def test_a_lock_of_nothing_is_no_package_of_its_own(checkout: Checkout) -> None:
    checkout.write("functions/one/requirements.txt", "# nothing yet\n")
    assert [each.name for each in functions(checkout.root)] == ["one_more"]
