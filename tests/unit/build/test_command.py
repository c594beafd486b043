"""What the command line tells, and how it proves that the bytes are the same."""

import json
from pathlib import Path

import pytest

from packager import archive, reproduction
from packager.artifact import Artifact
from packager.entry import stored
from unit.build.repository import HANDLER, Repository

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def repository(repository: Repository) -> Repository:
    repository.add_function("list_dragons")
    repository.add_function("add_dragon")
    lock = repository.add_wheel("tiny", "1.0", {"tiny.py": "X = 1\n", "data.bin": "x" * 5000})
    repository.write("layers/shared/requirements.txt", lock)
    return repository


def test_json_tells_all_of_it(repository: Repository, capsys: Captured) -> None:
    assert repository.build("--arch", "x86_64", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    function, layer = told["functions"]["list_dragons"], told["layers"]["shared"]
    assert function["built"] is True
    assert function["why"] == ["it was not there before"]
    assert function["unzipped_size_with_layers"] == function["unzipped_size"] + layer["unzipped_size"]
    assert function.items() >= repository.manifest["functions"]["list_dragons"].items()
    assert isinstance(told["seconds"], float)


def test_why_names_the_inputs_that_changed(repository: Repository, capsys: Captured) -> None:
    repository.build()
    repository.write("functions/list_dragons/handler.py", f"# changed\n{HANDLER}")
    repository.write("functions/list_dragons/new.py")
    capsys.readouterr()
    reasons = "  functions/list_dragons/handler.py\n  functions/list_dragons/new.py\n"
    for when in ("built now", "unchanged; last built"):
        assert repository.build("--arch", "x86_64", "--why", "list_dragons") == 0
        assert capsys.readouterr().out == f"functions/list_dragons: {when}, because of:\n{reasons}"
    repository.build("--arch", "arm64", "--why", "layers/shared")
    assert capsys.readouterr().out.splitlines()[-1] == "  the platform"
    (repository.root / "dist/layers/shared.zip").unlink()
    repository.build("--arch", "arm64", "--why", "layers/shared")
    assert capsys.readouterr().out.splitlines()[-1] == "  its zip was not what was built"


def test_why_of_nothing_names_the_choices(repository: Repository, capsys: Captured) -> None:
    assert repository.build("--arch", "x86_64", "--why", "nothing") == 1
    assert capsys.readouterr().err == (
        "error: --why nothing: choose one of functions/add_dragon, functions/list_dragons, layers/shared\n"
    )


def test_check_builds_twice_and_leaves_dist_alone(
    repository: Repository, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHOME", "/theirs")
    assert repository.build("--arch", "x86_64", "--check") == 0
    assert capsys.readouterr().out.count("the same bytes") == 3
    assert not (repository.root / "dist").exists()


def test_check_tells_what_is_wrong_with_the_inputs(repository: Repository, capsys: Captured) -> None:
    repository.add_function("list_dragons", handler=f"import pytest\n{HANDLER}")
    assert repository.build("--arch", "x86_64", "--check") == 1
    assert "error: functions/list_dragons: cannot be imported" in capsys.readouterr().err


def test_a_difference_is_named(tmp_path: Path) -> None:
    artifact = Artifact("functions", "list_dragons")
    for folder, content in (("one", b"1"), ("other", b"2")):
        path = tmp_path / folder / artifact.zip_path
        archive.write_archive(
            str(path), [stored("a.py", b"", False, ""), stored("b.py", content, False, "")], ""
        )
    found = reproduction._difference(artifact, str(tmp_path / "one"), str(tmp_path / "other"))
    assert found == "OTHER BYTES, in b.py"


def test_a_function_too_large_with_its_layers(
    repository: Repository, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    from packager import pipeline

    monkeypatch.setattr(pipeline, "UNZIPPED_LIMIT", 4096)
    assert repository.build() == 1
    message = capsys.readouterr().err
    assert "functions/add_dragon: 5.4 KB unzipped with its layers, over Lambda's 4.0 KB; " in message
    assert "largest files: python/data.bin (4.9 KB), " in message
