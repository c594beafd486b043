"""A function at the edge is declared by a file, and held to what CloudFront takes."""

import os
import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packager import edge
from packager.artifact import Target
from packager.build_stamps import BuildStamps
from packager.errors import BuildError
from packager.lock import Lock
from unit.build.repository import HANDLER, Repository

Errors = Callable[..., list[str]]

KEYS = {"path", "content_digest", "sha256", "zip_size", "unzipped_size", "handler", "runtime"}
KEYS |= {"architecture", "compiled", "services"}


@pytest.fixture
def errors(repository: Repository, capsys: pytest.CaptureFixture[str]) -> Errors:
    """Build, and give the lines that were written to standard error."""

    def run(*arguments: str) -> list[str]:
        assert repository.build(*arguments) == 1
        return capsys.readouterr().err.splitlines()

    return run


def add(repository: Repository, events: str, handler: str = HANDLER, requirements: str = "") -> None:
    repository.add_function("edge_request", handler, requirements)
    repository.write("functions/edge_request/edge.txt", events)


@pytest.mark.parametrize("events", ["viewer", "origin"])
def test_it_is_in_the_manifest_and_others_have_no_such_member(repository: Repository, events: str) -> None:
    add(repository, f"{events}\n")
    repository.add_function("list_dragons")
    assert repository.build() == 0
    functions = repository.manifest["functions"]
    assert functions["edge_request"]["edge"] == events
    assert functions["edge_request"].keys() == KEYS | {"edge"}
    assert functions["list_dragons"].keys() == KEYS
    assert "edge_request/edge.txt" not in repository.zipped("functions/edge_request")


@pytest.mark.parametrize("text", ["viewer", "\ufeffviewer\r\n", "# why\n\n  viewer  # at the viewer\n"])
def test_it_is_read_like_the_other_text_files(repository: Repository, text: str) -> None:
    add(repository, text)
    assert repository.build() == 0
    assert repository.manifest["functions"]["edge_request"]["edge"] == "viewer"


@pytest.mark.parametrize(
    ("text", "where", "found"),
    [
        ("", "edge.txt", "''"),
        ("# nothing\n", "edge.txt", "''"),
        ("Viewer\n", "edge.txt:1", "'Viewer'"),
        ("viewer origin", "edge.txt:1", "'viewer origin'"),
        ("viewer\norigin\n", "edge.txt:2", "'origin'"),
        ("viewer-request\n", "edge.txt:1", "'viewer-request'"),
    ],
)
def test_anything_else_is_refused(
    repository: Repository, errors: Errors, text: str, where: str, found: str
) -> None:
    add(repository, text)
    [error] = errors()
    assert error.startswith(f"error: functions/edge_request/{where}: {found} is not the one line")
    assert error.endswith("write viewer or origin, or remove the file if none of them does")


LINES = st.lists(st.sampled_from(["viewer", "origin", " viewer ", "# why", "", "view er", "originviewer"]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, line_end=st.sampled_from(["\n", "\r\n"]))
def test_one_line_of_one_word_is_taken_and_nothing_else(
    repository: Repository, lines: list[str], line_end: str
) -> None:
    repository.write("functions/edge_request/edge.txt", line_end.join(lines))
    said = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    root = str(repository.root)
    if said in (["viewer"], ["origin"]):
        assert edge.read_edge(root, "functions/edge_request", BuildStamps(root)) == said[0]
    else:
        with pytest.raises(BuildError):
            edge.read_edge(root, "functions/edge_request", BuildStamps(root))


def test_a_folder_of_that_name_is_refused(repository: Repository, errors: Errors) -> None:
    repository.add_function("edge_request")
    repository.write("functions/edge_request/edge.txt/viewer")
    assert errors() == ["error: functions/edge_request/edge.txt: not a regular file; remove it"]


@pytest.mark.parametrize("architecture", ["x86_64", "arm64"])
def test_it_is_for_x86_64_whatever_the_others_are_for(repository: Repository, architecture: str) -> None:
    add(repository, "viewer")
    repository.add_function("list_dragons")
    assert repository.build("--arch", architecture) == 0
    functions = repository.manifest["functions"]
    assert functions["edge_request"]["architecture"] == "x86_64"
    assert functions["list_dragons"]["architecture"] == architecture


def test_it_is_built_once_whatever_the_others_are_for(repository: Repository) -> None:
    add(repository, "viewer")
    assert repository.build("--arch", "arm64") == 0
    made = repository.manifest_text
    assert repository.build("--arch", "x86_64") == 0
    assert repository.manifest_text == made


def test_its_wheels_are_those_for_x86_64(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    add(repository, "origin", requirements=repository.add_wheel("six", "1.0", {"six.py": ""}))
    asked = []
    fetch = repository.fetch

    def noted(lock: Lock, target: Target, folder: str) -> None:
        asked.append(target.architecture)
        fetch(lock, target, folder)

    monkeypatch.setattr(repository, "fetch", noted)
    assert repository.build("--arch", "arm64") == 0
    assert asked == ["x86_64"]


def test_who_calls_it_is_known_anew_when_the_file_changes(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    digests = set()
    for events in ("viewer", "origin", None):
        if events:
            add(repository, events)
        else:
            (repository.root / "functions/edge_request/edge.txt").unlink()
        assert repository.build() == 0
        record = repository.manifest["functions"]["edge_request"]
        assert record.get("edge") == events
        digests.add(record["content_digest"])
    assert len(digests) == 1, "the zip is the same"
    capsys.readouterr()
    assert repository.build("--arch", "x86_64", "--why", "edge_request") == 0
    assert "functions/edge_request/edge.txt" in capsys.readouterr().out


def test_its_line_says_how_much_of_the_limit_its_zip_takes(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    add(repository, "viewer")
    assert repository.build() == 0
    [line] = [each for each in capsys.readouterr().out.splitlines() if "edge_request" in each]
    assert line.endswith("of 1.0 MB at the edge (viewer)")


@pytest.mark.parametrize(
    "source",
    [
        "import dragons\n",
        "from dragons.errors import ConfigurationError\n",
        "import json, dragons.config\n",
        "try:\n    import dragons\nexcept ImportError:\n    pass\n",
        "def late():\n    from dragons import config\n",
    ],
)
def test_an_import_from_a_layer_is_refused_with_its_line(
    repository: Repository, errors: Errors, source: str
) -> None:
    repository.write("shared/dragons/__init__.py")
    repository.write("shared/dragons/config.py")
    repository.write("shared/dragons/errors.py", "class ConfigurationError(Exception): ...\n")
    repository.write("layers/shared/packages.txt", "../../shared/dragons\n")
    add(repository, "viewer", handler=f"# first\n{source}{HANDLER}")
    line = 2 + source.split("\n").index(next(each for each in source.split("\n") if "dragons" in each))
    [error] = errors()
    assert error.startswith(
        f"error: functions/edge_request/handler.py:{line}: imports dragons, and a function"
    )
    assert "put what it needs into its folder, or lock it in the function's own requirements.txt" in error


def test_what_lambda_has_and_the_function_does_not_ship_is_refused(
    repository: Repository, errors: Errors
) -> None:
    add(repository, "origin", handler=f"import boto3\n{HANDLER}")
    [error] = errors()
    assert "functions/edge_request/handler.py:1: imports boto3" in error


def test_every_import_that_is_not_its_own_is_told_at_once(repository: Repository, errors: Errors) -> None:
    repository.write("functions/edge_request/more.py", "import requests\n")
    add(repository, "origin", handler=f"import boto3\nimport dragons\n{HANDLER}")
    assert [error.split(": ")[1:3] for error in errors()] == [
        ["functions/edge_request/handler.py:1", refused("boto3")],
        ["functions/edge_request/handler.py:2", refused("dragons")],
        ["functions/edge_request/more.py:1", refused("requests")],
    ]


def refused(name: str) -> str:
    return (
        f"imports {name}, and a function at the edge has no layer; put what it needs into its "
        "folder, or lock it in the function's own requirements.txt"
    )


def test_its_own_modules_its_own_packages_and_pythons_own_are_there(repository: Repository) -> None:
    lock = repository.add_wheel("six", "1.0", {"six.py": "", "more/__init__.py": ""})
    repository.write("functions/edge_request/paths.py", "import re\nfrom . import handler\n")
    source = "import json\nimport six\nfrom more import *\nfrom edge_request import paths\n"
    add(repository, "origin", handler=source + HANDLER, requirements=lock)
    assert repository.build() == 0


def test_what_another_function_imports_is_not_looked_at(repository: Repository) -> None:
    repository.write("shared/dragons/__init__.py")
    repository.write("layers/shared/packages.txt", "../../shared/dragons\n")
    repository.add_function("list_dragons", f"import dragons\n{HANDLER}")
    add(repository, "viewer")
    assert repository.build() == 0


def test_a_function_that_becomes_one_is_held_to_it(repository: Repository, errors: Errors) -> None:
    repository.write("shared/dragons/__init__.py")
    repository.write("layers/shared/packages.txt", "../../shared/dragons\n")
    repository.add_function("edge_request", f"import dragons\n{HANDLER}")
    assert repository.build() == 0
    before = repository.manifest_text
    repository.write("functions/edge_request/edge.txt", "viewer")
    [error] = errors()
    assert "imports dragons" in error
    assert repository.manifest_text == before


def test_it_is_imported_without_the_layers(repository: Repository, errors: Errors) -> None:
    """Also where no import statement says so."""
    repository.write("shared/dragons/__init__.py")
    repository.write("layers/shared/packages.txt", "../../shared/dragons\n")
    add(repository, "viewer", handler=f"__import__('dragons')\n{HANDLER}")
    [error] = errors()
    assert "functions/edge_request: cannot be imported: No module named 'dragons'" in error


def test_a_viewers_zip_over_one_megabyte_is_refused(repository: Repository, errors: Errors) -> None:
    # random, as a zip of wheels is: what is measured is the zip
    repository.write("functions/edge_request/table.bin", random.Random(1).randbytes(1024 * 1024))
    add(repository, "viewer")
    [error] = errors()
    assert error.startswith("error: functions/edge_request: 1.0 MB zipped, over the edge's (viewer) 1.0 MB; ")
    assert "largest files: edge_request/table.bin (1.0 MB)" in error
    assert not os.path.exists(repository.root / "dist/functions/edge_request.zip")  # noqa: PTH110


def test_an_origins_zip_may_be_larger(repository: Repository) -> None:
    repository.write("functions/edge_request/table.bin", bytes(1024 * 1024))
    add(repository, "origin")
    assert repository.build() == 0
    assert edge.ZIP_LIMITS["origin"] == 50 * 1024 * 1024


def test_an_origins_zip_over_its_limit_is_refused(
    repository: Repository, errors: Errors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(edge.ZIP_LIMITS, "origin", 2048)
    repository.write("functions/edge_request/table.bin", bytes(4096))
    add(repository, "origin")
    [error] = errors()
    assert "KB zipped, over the edge's (origin) 2.0 KB; drop or move some of its largest files" in error
