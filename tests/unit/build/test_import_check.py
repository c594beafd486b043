"""Every handler is imported from its zip and the layers, and nothing else."""

import os

import pytest

from packager import import_check
from unit.build.repository import HANDLER, Repository


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The modules that were imported, in order."""
    modules: list[str] = []
    really = import_check._import

    def note(each: import_check.Import, layers: str, python: str) -> str:
        modules.append(each.module)
        return really(each, layers, python)

    monkeypatch.setattr(import_check, "_import", note)
    return modules


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("import pytest\n", "No module named 'pytest'"),  # which the developer has
        ("import list_dragons.gone\n", "No module named 'list_dragons.gone'"),
        ("from os import gone\n", "cannot import name 'gone' from 'os'"),
        ("X = gone\n", "NameError: name 'gone' is not defined"),
        ("import os\nos._exit(3)\n", "its process ended with 3"),
    ],
)
def test_a_handler_that_fails_on_lambda_fails_the_build(
    repository: Repository, capsys: pytest.CaptureFixture[str], source: str, problem: str
) -> None:
    repository.add_function("list_dragons", handler=source + HANDLER)
    assert repository.build() == 1
    [error] = capsys.readouterr().err.splitlines()
    assert error.startswith("error: functions/list_dragons: cannot be imported: ")
    assert problem in error
    assert "add what it lacks to its folder" in error
    assert not (repository.root / "dist/functions/list_dragons.zip").exists()


def test_an_import_that_waits_until_it_runs_is_tried_too(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    late = "def handler(event, context):\n    from pytest.mark import skip\n    return skip\n"
    repository.add_function("list_dragons", handler=late)
    assert repository.build() == 1
    assert "No module named 'pytest'" in capsys.readouterr().err


def test_it_is_tried_also_where_the_handler_wants_variables_first(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    late = "import os\n\ndef handler(event, context):\n    import pytest\n\nTABLE = os.environ['TABLE']\n"
    repository.add_function("list_dragons", handler=late)
    assert repository.build() == 1
    assert "No module named 'pytest'" in capsys.readouterr().err


def test_what_a_function_can_do_without_may_be_missing(repository: Repository) -> None:
    optional = (
        "def handler(event, context):\n"
        "    try:\n        import pytest\n    except ImportError:\n        return None\n    return pytest\n"
    )
    repository.add_function("list_dragons", handler=optional)
    assert repository.build() == 0


def test_what_its_environment_lacks_is_no_failure(repository: Repository) -> None:
    """Terraform knows a function's variables, the build does not."""
    repository.add_function("list_dragons", handler=f"import os\nTABLE = os.environ['TABLE']\n{HANDLER}")
    assert repository.build() == 0


def test_it_has_its_own_packages_and_its_layers(repository: Repository) -> None:
    own = repository.add_wheel("own", "1.0", {"own.py": ""})
    repository.write("layers/shared/requirements.txt", repository.add_wheel("big", "1.0", {"big.py": ""}))
    repository.add_function("list_dragons", handler=f"import big, own\n{HANDLER}", requirements=own)
    assert repository.build() == 0


def test_what_works_is_remembered_as_long_as_nothing_at_import_changes(
    repository: Repository, checked: list[str]
) -> None:
    def build(handler: str, layer: str = "") -> list[str]:
        checked.clear()
        repository.add_function("list_dragons", handler=handler)
        repository.write("layers/shared/packages.txt", "../../shared/dragons\n")
        repository.write("shared/dragons/__init__.py", layer)
        repository.build()
        return list(checked)

    body = "def handler(event, context):\n    return {}\n"
    assert build(body.format(1)) == ["list_dragons.handler"]
    assert build(body.format(2)) == []
    assert build(f"import json\n{body.format(2)}") == ["list_dragons.handler"]
    assert build(f"import json\n{body.format('json.dumps(event)')}") == []
    assert build(f"{body.format('__import__')}", layer="X = 1\n") == ["list_dragons.handler"]


def test_what_fails_is_not_remembered(repository: Repository, checked: list[str]) -> None:
    repository.add_function("list_dragons", handler=f"import pytest\n{HANDLER}")
    assert [repository.build(), repository.build()] == [1, 1]
    assert checked == ["list_dragons.handler"] * 2


@pytest.mark.parametrize("libc", [None, OSError(22, "no such name"), ValueError("unknown name")])
def test_nothing_is_tried_without_lambdas_c_library(
    repository: Repository, checked: list[str], monkeypatch: pytest.MonkeyPatch, libc: Exception | None
) -> None:
    def confstr(_: str) -> None:
        if libc:
            raise libc

    monkeypatch.setattr(os, "confstr", confstr)
    repository.add_function("list_dragons", handler=f"import pytest\n{HANDLER}")
    assert repository.build() == 0
    assert checked == []


def test_another_machines_code_is_not_tried(
    repository: Repository, checked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    repository.add_function("list_dragons", handler=f"import pytest\n{HANDLER}")
    for architecture in ("x86_64", "arm64"):
        repository.build("--arch", architecture)
    assert len(checked) == 1
    assert "no import was tried: " in capsys.readouterr().out
