"""What of a folder does not ship: what tools leave behind, and what its exclude.txt names."""

import fnmatch
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.exclude import matches
from unit.build.repository import Repository

FUNCTION = "functions/list_dragons"
EXCLUDE = f"{FUNCTION}/exclude.txt"
Captured = pytest.CaptureFixture[str]

PART = st.text("ab.*?[]!", min_size=1, max_size=4)
NAME = st.text("ab.", min_size=1, max_size=4)


@pytest.fixture
def repository(repository: Repository) -> Repository:
    """A function with a folder of its own, and a layer of ours."""
    repository.add_function("list_dragons")
    for path in ("README.md", "data/read.me", "data/notes.md", "data/deep/notes.md", "tests/test_it.py"):
        repository.write(f"{FUNCTION}/{path}")
    repository.write("shared/dragons/__init__.py")
    repository.write("shared/dragons/notes.md")
    repository.write("layers/shared/packages.txt", "../../shared/dragons\n")
    return repository


def shipped(repository: Repository, artifact: str = FUNCTION) -> set[str]:
    return {path.split("/", 1)[1] for path in repository.zipped(artifact)}


@pytest.mark.parametrize(
    "name",
    [
        *(".env", ".git", ".DS_Store", ".#handler.py", ".handler.py.swp", ".idea/a.xml", ".venv/bin/python"),
        *(
            "handler.py~",
            "#handler.py#",
            "handler.py.swp",
            "handler.py.orig",
            "a.rej",
            "a.bak",
            "~$dragons.docx",
        ),
        *("Thumbs.db", "Desktop.ini", "Icon\r", "__MACOSX/a", "node_modules/a/index.js"),
        *("b.pyc", "__pycache__/a.py", "dragons.egg-info/PKG-INFO", "inner/__pycache__/a.py"),
    ],
)
def test_what_tools_leave_behind_does_not_ship(repository: Repository, name: str) -> None:
    before = shipped(repository) if repository.build() == 0 else set()
    repository.write(f"{FUNCTION}/{name}")
    repository.write(f"shared/dragons/{name}")
    assert repository.build() == 0
    assert shipped(repository) == before
    assert shipped(repository, "layers/shared") == {"dragons/__init__.py", "dragons/notes.md"}


def test_a_virtual_environment_does_not_ship_whatever_its_name(repository: Repository) -> None:
    repository.write(f"{FUNCTION}/env/lib/module.py")
    repository.build()
    assert "env/lib/module.py" in shipped(repository)
    repository.write(f"{FUNCTION}/env/pyvenv.cfg")
    repository.build()
    assert not any(path.startswith("env") for path in shipped(repository))


def test_a_folder_of_what_was_left_behind_is_no_function(repository: Repository) -> None:
    for name in ("__pycache__/a.pyc", ".DS_Store", ".mypy_cache/a.json", "handler.py~"):
        repository.write(f"functions/gone/{name}")
    repository.write("functions/README.md")
    repository.write("functions/node_modules/index.js")
    assert repository.build() == 0
    assert set(repository.manifest["functions"]) == {"list_dragons"}


@pytest.mark.parametrize(
    ("globs", "left"),
    [
        ("README.md", {"README.md"}),
        ("*.md", {"README.md"}),
        ("**/*.md  # prose", {"README.md", "data/notes.md", "data/deep/notes.md"}),
        ("\ufeffdata/\r\n", {"data/read.me", "data/notes.md", "data/deep/notes.md"}),
        ("data/**", {"data/read.me", "data/notes.md", "data/deep/notes.md"}),
        ("data/*.md\ntests", {"data/notes.md", "tests/test_it.py"}),
        ("data/**/notes.*", {"data/notes.md", "data/deep/notes.md"}),
    ],
)
def test_a_function_names_what_it_leaves_out(
    repository: Repository, capsys: Captured, globs: str, left: set[str]
) -> None:
    repository.build()
    everything = shipped(repository)
    repository.write(EXCLUDE, globs)
    capsys.readouterr()
    assert repository.build() == 0
    assert shipped(repository) == everything - left
    assert "note: " not in capsys.readouterr().out


def test_so_does_a_folder_of_a_layer(repository: Repository) -> None:
    repository.write("shared/dragons/exclude.txt", "*.md\n")
    assert repository.build() == 0
    assert shipped(repository, "layers/shared") == {"dragons/__init__.py"}


def test_what_is_left_out_may_be_what_cannot_be_packed(repository: Repository) -> None:
    os.mkfifo(repository.root / FUNCTION / "pipe")
    (repository.root / FUNCTION / "out").symlink_to("..")
    repository.write(EXCLUDE, "pipe\nout\n")
    assert repository.build() == 0


def test_a_glob_that_leaves_nothing_out_is_told(repository: Repository, capsys: Captured) -> None:
    """Not refused: a log that it names may be on this machine alone."""
    repository.write(EXCLUDE, "*.md\n\ntest/\n")
    assert repository.build() == 0
    note = f"{EXCLUDE}:3: 'test/' leaves nothing out; correct or remove it"
    assert f"\nnote: {note}\n" in capsys.readouterr().out
    repository.build("--arch", "x86_64", "--json")
    assert json.loads(capsys.readouterr().out)["functions"]["list_dragons"]["notices"] == [note]


@pytest.mark.parametrize(
    "glob", ["../other", "/etc/passwd", "data/../../other", "./data", "data//notes.md", "/"]
)
def test_a_glob_that_leaves_the_folder(repository: Repository, capsys: Captured, glob: str) -> None:
    repository.write(EXCLUDE, f"# mine\n{glob}\n")
    assert repository.build() == 1
    assert capsys.readouterr().err == (
        f"error: {EXCLUDE}:2: {glob!r} is not a path within {FUNCTION}; write it relative to that folder\n"
    )


@pytest.mark.parametrize("glob", ["handler.py", "*.py", "**", "*", "**/*.py"])
def test_a_handler_ships(repository: Repository, capsys: Captured, glob: str) -> None:
    repository.write(EXCLUDE, glob)
    assert repository.build() == 1
    assert capsys.readouterr().err == (
        f"error: {EXCLUDE}:1: {glob!r} leaves out handler.py, which Lambda calls; correct it\n"
    )


@given(st.lists(NAME, min_size=1, max_size=5), st.lists(PART, min_size=1, max_size=5))
def test_a_glob_without_any_folders_matches_part_by_part(path: list[str], glob: list[str]) -> None:
    glob = [part for part in glob if part != "**"] or ["a"]
    part_by_part = len(path) == len(glob) and all(map(fnmatch.fnmatchcase, path, glob))
    assert matches(path, tuple(glob)) is part_by_part


@given(st.lists(NAME, max_size=3), st.lists(NAME, max_size=3), st.lists(NAME, min_size=1, max_size=3))
def test_any_folders_are_any_number_of_them(before: list[str], between: list[str], after: list[str]) -> None:
    path = [*before, *between, *after]
    assert matches(path, (*before, "**", *after))
    assert matches(path, (*before, "**"))
    assert matches(path, ("**", *after))
    assert not matches(path, (*before, "**", "c", *after))


@given(st.lists(PART, min_size=1, max_size=3).map("/".join), st.lists(NAME, min_size=1, max_size=4))
def test_a_glob_agrees_with_pythons_own(glob: str, path: list[str]) -> None:
    """`full_match` came with 3.13; the packager runs on 3.11."""
    if {".", ".."} & {*glob.split("/"), *path}:
        return
    assert matches(path, tuple(glob.split("/"))) == Path(*path).full_match(glob)
