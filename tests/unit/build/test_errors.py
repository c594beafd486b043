"""Every bad input has its line, which names the file and the remedy."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from packager import archive
from unit.build.repository import HANDLER, Repository

Errors = Callable[[], list[str]]


@pytest.fixture
def errors(repository: Repository, capsys: pytest.CaptureFixture[str]) -> Errors:
    """Build, and give the lines that were written to standard error."""

    def run() -> list[str]:
        assert repository.build() == 1
        assert not (repository.root / "dist/manifest.json").exists()
        return capsys.readouterr().err.splitlines()

    return run


def test_all_errors_are_told_at_once(repository: Repository, errors: Errors) -> None:
    repository.write("functions/list_dragons/paging.py")
    repository.add_function("Bad-Name", requirements="six\n")
    (repository.root / "layers/empty").mkdir(parents=True)
    assert errors() == [
        "error: functions/Bad-Name: rename it: small letters, digits and _, a letter first",
        "error: functions/Bad-Name/requirements.txt:1: 'six' is not pinned with ==; "
        "name what you need in requirements.in and run `make lock FUNCTION=Bad-Name`",
        "error: functions/list_dragons/handler.py: missing; "
        "add it with a function `def handler(event, context)`",
        "error: layers/empty: an empty layer; add requirements.txt, or packages.txt with folders",
    ]


def test_an_empty_folder_is_a_function_without_handler(repository: Repository, errors: Errors) -> None:
    (repository.root / "functions/list_dragons").mkdir(parents=True)
    [error] = errors()
    assert "functions/list_dragons/handler.py: missing" in error


def test_a_layer_whose_lock_locks_nothing(repository: Repository, errors: Errors) -> None:
    repository.write("layers/empty/requirements.txt", "# nothing yet\n")
    [error] = errors()
    assert error.startswith("error: layers/empty: an empty layer; add requirements.txt")


@pytest.mark.parametrize("name", ["Upper", "has-dash", "1st", "_hidden", "dot.ted", "ż", "a" * 46])
def test_a_name_that_lambda_or_python_refuses(repository: Repository, errors: Errors, name: str) -> None:
    repository.add_function(name)
    [error] = errors()
    assert error.startswith(f"error: functions/{name}: rename it")


@pytest.mark.parametrize("name", ["lambda", "json"])
def test_a_name_that_python_needs(repository: Repository, errors: Errors, name: str) -> None:
    repository.add_function(name)
    [error] = errors()
    assert error.startswith(f"error: functions/{name}: rename it: `{name}` is Python's own")


def test_a_name_as_long_as_lambda_takes(repository: Repository) -> None:
    repository.add_function("a" * 45)
    assert repository.build() == 0


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("", "no function `handler`"),
        ("def main(event, context): ...", "no function `handler`"),
        ("class A:\n    def handler(self): ...", "no function `handler`"),
        ("async def handler(event, context): ...", "no function `handler`"),
        ("handler: object", "no function `handler`"),
        ("def handler(:", "line 1: "),
        ("x = '\0'", "handler.py: source code string cannot contain null bytes; correct it"),
        (HANDLER.encode("utf-16"), "it is UTF-16 text, save it as UTF-8"),
    ],
)
def test_a_handler_that_lambda_would_not_find(
    repository: Repository, errors: Errors, source: str | bytes, problem: str
) -> None:
    repository.write("functions/list_dragons/handler.py", source)
    [error] = errors()
    assert error.startswith("error: functions/list_dragons/handler.py: ")
    assert problem in error


@pytest.mark.parametrize(
    "source",
    [
        HANDLER,
        "from list_dragons.api import decorate\n@decorate\n" + HANDLER,
        "from list_dragons.api import decorate, main\nhandler = decorate(main)",
        "from list_dragons.api import decorate, main\nhandler: object = decorate(main)",
        "from list_dragons.api import handler",
        "from list_dragons.api import main as handler",
    ],
)
def test_a_handler_that_lambda_finds(repository: Repository, source: str) -> None:
    repository.add_function("list_dragons", handler=source)
    repository.write("functions/list_dragons/api.py", "decorate = str\nmain = handler = print\n")
    assert repository.build() == 0


def test_a_link_that_leaves_the_folder(repository: Repository, errors: Errors) -> None:
    repository.add_function("list_dragons")
    outside = repository.write("secret.txt")
    folder = repository.root / "functions/list_dragons"
    (folder / "out.txt").symlink_to(outside)
    (folder / "up").symlink_to("..")
    (folder / "gone.py").symlink_to("nowhere.py")
    (folder / "loop.py").symlink_to("loop.py")
    messages = errors()
    assert [message.split(": ")[1] for message in messages] == [
        f"functions/list_dragons/{name}" for name in ("gone.py", "loop.py", "out.txt", "up")
    ]
    assert all("link" in message for message in messages)


def test_a_folder_that_is_a_link(repository: Repository, errors: Errors) -> None:
    repository.write("elsewhere/handler.py", HANDLER)
    (repository.root / "functions").mkdir()
    (repository.root / "functions/list_dragons").symlink_to("../elsewhere")
    [error] = errors()
    assert error == "error: functions/list_dragons: a link to ../elsewhere; put the folder itself here"


def test_a_link_within_the_folder_is_packed_as_its_file(repository: Repository) -> None:
    repository.add_function("list_dragons")
    (repository.root / "functions/list_dragons/again.py").symlink_to("handler.py")
    assert repository.build() == 0
    zipped = repository.zipped("functions/list_dragons")
    assert zipped["list_dragons/again.py"] == HANDLER.encode()


def test_what_is_no_file(repository: Repository, errors: Errors) -> None:
    repository.add_function("list_dragons")
    os.mkfifo(repository.root / "functions/list_dragons/pipe")
    [error] = errors()
    assert "functions/list_dragons/pipe: not a regular file" in error


@pytest.mark.parametrize(
    "path",
    [
        *(
            f"functions/list_dragons/{name}"
            for name in ("requirements.txt", "requirements.in", "exclude.txt")
        ),
        *(f"layers/ours/{name}" for name in ("requirements.txt", "requirements.in", "services.txt")),
    ],
)
@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("nowhere")])
def test_settings_that_are_no_file(
    repository: Repository, errors: Errors, path: str, make: Callable[[Path], None]
) -> None:
    repository.add_function("list_dragons")
    repository.write("shared/dragons/__init__.py")
    repository.write("layers/ours/packages.txt", "../../shared/dragons\n")
    make(repository.root / path)
    assert f"error: {path}: not a regular file; remove it" in errors()


@pytest.mark.parametrize("path", ["layers", "functions/gone"])
def test_what_is_no_folder(repository: Repository, errors: Errors, path: str) -> None:
    repository.add_function("list_dragons")
    (repository.root / path).symlink_to("nowhere")
    assert errors() == [f"error: {path}: not a folder; remove it"]


def test_folders_without_end(repository: Repository, errors: Errors, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.add_function("list_dragons")
    monkeypatch.chdir(repository.root / "functions/list_dragons")
    for _ in range(sys.getrecursionlimit()):
        Path("d").mkdir()
        os.chdir("d")
    os.chdir("/")
    assert errors() == ["error: functions/list_dragons: folders in folders without end; remove some"]


def test_a_file_that_may_not_be_read(
    repository: Repository, errors: Errors, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.add_function("list_dragons")

    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", refuse)  # whoever runs the tests may be root
    [error] = errors()
    assert error.endswith("functions/list_dragons/: Permission denied; let yourself read and write it")


def test_a_file_name_that_is_no_text(repository: Repository, errors: Errors) -> None:
    repository.add_function("list_dragons")
    folder = os.fsencode(repository.root / "functions/list_dragons")
    Path(os.fsdecode(folder + b"/\xff.py")).touch()
    [error] = errors()
    assert error == "error: functions/list_dragons/?.py: its name is not UTF-8; rename it"


@pytest.mark.parametrize(
    ("file", "content", "problem"),
    [
        (
            "packages.txt",
            "\n../../nowhere\n",
            "packages.txt:2: '../../nowhere' is not a folder of this repository",
        ),
        ("packages.txt", "../../../..", "packages.txt:1: '../../../..' is not a folder of this repository"),
        ("packages.txt", b"\xff", "packages.txt: not UTF-8 text; save it as UTF-8"),
        ("services.txt", "s3".encode("utf-16"), "services.txt: UTF-16 text; save it as UTF-8"),
        ("services.txt", "s3\nAmazon S3\n", "services.txt:2: 'Amazon S3' is not a service"),
    ],
)
def test_settings_of_a_layer(
    repository: Repository, errors: Errors, file: str, content: str | bytes, problem: str
) -> None:
    repository.write("shared/dragons/__init__.py")
    repository.write("layers/shared/packages.txt", "# ours\n../../shared/dragons\n")
    repository.write(f"layers/shared/{file}", content)
    [error] = errors()
    assert error.startswith(f"error: layers/shared/{problem}")


def test_over_the_unzipped_limit(
    repository: Repository, errors: Errors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "UNZIPPED_LIMIT", 4096)
    repository.add_function("list_dragons")
    for number in range(12):
        repository.write(f"functions/list_dragons/{number:02}.bin", bytes(1024 * (number + 1)))
    [error] = errors()
    assert "functions/list_dragons: 78.3 KB unzipped, over Lambda's 4.0 KB" in error
    assert "list_dragons/11.bin (12.0 KB), list_dragons/10.bin (11.0 KB)" in error
    assert error.count(".bin") == 10


def test_over_the_zip_limit(repository: Repository, errors: Errors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "ZIP_LIMIT", 4096)
    repository.add_function("list_dragons")
    repository.write("functions/list_dragons/noise.bin", os.urandom(8192))
    [error] = errors()
    assert "zipped, over Lambda's 4.0 KB" in error
    assert "list_dragons/noise.bin (8.0 KB)" in error


def test_lambda_limits() -> None:
    assert (archive.ZIP_LIMIT, archive.UNZIPPED_LIMIT) == (52_428_800, 262_144_000)
