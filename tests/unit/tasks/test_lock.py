"""`make lock` with the real uv on handmade wheels, without a network."""

import sys
from pathlib import Path

import pytest

from packager.lock import read_lock
from tasks import __main__ as launcher
from tasks import lock as lock_module
from tasks.environment.paths import LOCAL, ROOT
from tasks.lock import lock
from tasks.processes.steps import StepError
from unit.build.repository import wheel_bytes

FUNCTION = "functions/list_dragons"
LOCK = f"{FUNCTION}/requirements.txt"


class Checkout:
    """A repository of a function and a layer, and all that uv finds packages in."""

    def __init__(self, folder: Path) -> None:
        self.root, self.index = folder / "repository", folder / "index"
        self.index.mkdir(parents=True)
        for path in (f"{FUNCTION}/requirements.in", "layers/shared/requirements.in"):
            self.write(path, "tiny\n")
        self.write("functions/pre_sign_up/handler.py")
        self.write("localcloud/requirements.txt", "tiny==1.0\n")
        self.add("tiny", "1.0")

    def write(self, path: str, text: str = "") -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def add(self, name: str, version: str) -> Path:
        wheel = self.index / f"{name}-{version}-py3-none-any.whl"
        wheel.write_bytes(wheel_bytes(name, version, {f"{name}.py": ""}))
        return wheel

    def read(self, path: str = LOCK) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def pins(self, path: str = LOCK) -> dict[str, str]:
        return {each.name: each.version for each in read_lock(str(self.root / path), path).requirements}


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    made = Checkout(tmp_path)
    monkeypatch.setattr(lock_module, "ROOT", made.root)
    monkeypatch.setattr(lock_module, "_PLUGIN_LOCK", made.root / "localcloud/requirements.txt")
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(made.index))
    monkeypatch.setenv("UV_PYTHON", "2.7")  # of the caller's shell, and none of our business
    return made


def make_lock(function: str = "", layer: str = "", *, upgrade: bool = False) -> None:
    lock(LOCAL / "uv/bin/uv", function, layer, upgrade=upgrade)


def test_a_function_is_locked_with_hashes_and_without_addresses(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    make_lock("list_dragons")
    assert checkout.pins() == {"tiny": "1.0"}
    assert "#    make lock FUNCTION=list_dragons\n" in checkout.read()
    assert not {"://", str(checkout.index)} & set(checkout.read().split())
    assert str(checkout.index) not in checkout.read()
    assert "lock of functions/list_dragons/requirements.in: changed" in capsys.readouterr().out
    make_lock("list_dragons")
    assert "unchanged" in capsys.readouterr().out


def test_pins_stay_until_they_are_to_be_upgraded(checkout: Checkout) -> None:
    make_lock("list_dragons")
    checkout.add("tiny", "1.1")
    checkout.add("other", "3.0")
    checkout.write(f"{FUNCTION}/requirements.in", "tiny\nother\n")
    make_lock("list_dragons")
    assert checkout.pins() == {"tiny": "1.0", "other": "3.0"}
    make_lock("list_dragons", upgrade=True)
    assert checkout.pins() == {"tiny": "1.1", "other": "3.0"}


def test_a_layer_keeps_to_the_versions_of_the_local_cloud(checkout: Checkout) -> None:
    checkout.add("tiny", "1.1")
    make_lock("list_dragons", "shared")
    assert checkout.pins() == {"tiny": "1.1"}
    assert checkout.pins("layers/shared/requirements.txt") == {"tiny": "1.0"}
    assert "#    make lock LAYER=shared\n" in checkout.read("layers/shared/requirements.txt")


@pytest.mark.parametrize("before", [None, "tiny==1.0 --hash=sha256:0\n", "tiny\n-e .\n"])
def test_what_fails_leaves_the_lock_as_it_was(checkout: Checkout, before: str | None) -> None:
    if before:
        checkout.write(LOCK, before)
    checkout.write(f"{FUNCTION}/requirements.in", "tiny>9\n")
    with pytest.raises(
        StepError, match=r"^functions/list_dragons/requirements\.in cannot be locked$"
    ) as caught:
        make_lock("list_dragons")
    assert "tiny>9" in caught.value.detail
    assert (checkout.read() if before else None) == before
    names = {path.name for path in (checkout.root / FUNCTION).iterdir()}
    assert names == {"requirements.in"} | ({"requirements.txt"} if before else set())


def test_a_package_by_its_address_is_refused(checkout: Checkout) -> None:
    checkout.write(f"{FUNCTION}/requirements.in", f"tiny @ {checkout.add('tiny', '1.0').as_uri()}\n")
    with pytest.raises(StepError, match=r"requirements\.in asks for what cannot be packaged") as caught:
        make_lock("list_dragons")
    assert "'tiny @ file://" in caught.value.detail
    assert not (checkout.root / LOCK).exists()


@pytest.mark.parametrize(
    ("name", "message", "remedy"),
    [
        ("nothing", "FUNCTION=nothing is not a function", "choose one of list_dragons, pre_sign_up"),
        ("../layers/shared", "FUNCTION=../layers/shared is not a function", "choose one of"),
        ("pre_sign_up", "functions/pre_sign_up/requirements.in is missing", "the name of a package a line"),
    ],
)
def test_nothing_to_lock(checkout: Checkout, name: str, message: str, remedy: str) -> None:
    with pytest.raises(StepError) as caught:
        make_lock(name)
    assert str(caught.value) == message
    assert remedy in caught.value.remedy


def test_every_lock_of_the_repository_says_how_it_is_made() -> None:
    found = {each.target: each for each in lock_module._all()}
    ours = {*(ROOT / "requirements").glob("*.txt"), *(ROOT / "localcloud").glob("*.txt")}
    ours |= {*ROOT.glob("functions/*/requirements.txt"), *ROOT.glob("layers/*/requirements.txt")}
    assert found.keys() == ours
    for path, each in found.items():
        assert path.read_text(encoding="utf-8").splitlines()[1] == f"#    {each.command}", path


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["--function="], ("", "", False)),
        (["--function=list_dragons", "--upgrade"], ("list_dragons", "", True)),
        (["--layer=shared"], ("", "shared", False)),
    ],
)
def test_the_command_passes_on_what_to_lock(
    monkeypatch: pytest.MonkeyPatch, words: list[str], asked: tuple[str, str, bool]
) -> None:
    told: list[tuple[str, str, bool]] = []
    monkeypatch.setattr(lock_module, "lock", lambda _, *names, upgrade: told.append((*names, upgrade)))
    monkeypatch.setattr(lock_module, "uv", lambda: Path("uv"))
    monkeypatch.setattr(sys, "argv", ["tasks", "--port", "1", "lock", *words])
    assert launcher.main() == 0
    assert told == [asked]
