"""`make lock`: pins what each requirements.in asks for, with hashes.

uv keeps the pins of the lock that is there, unless it is asked to upgrade. All is locked for Lambda's Python
and Linux, whichever machine this is; the hashes are those of every machine's files.
"""

import argparse
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from packager.artifact import KINDS
from packager.errors import BuildError
from packager.lock import lock_command, read_lock
from packager.pip_settings import uv_environment
from tasks.environment import variables
from tasks.environment.environment import Environment
from tasks.environment.paths import LOCALCLOUD, ROOT
from tasks.environment.tools import PYTHON, uv
from tasks.processes import steps
from tasks.processes.steps import StepError, step

LOCAL_ONLY = "leave ENV out"
ANY_PORT = True

# docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html: Amazon Linux 2023, with glibc 2.34
_PLATFORM = "x86_64-manylinux_2_34"
# The last release of LocalStack's community edition does not run with everything that came after it.
_LOCALSTACK_AS_OF = "2026-03-05"
_PLUGIN_LOCK = LOCALCLOUD / "requirements.txt"
# All that uv is to know of a lock: what else is in it may be what is wrong with it.
_PIN = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]*==[A-Za-z0-9_.!+-]+", re.MULTILINE)


@dataclass(frozen=True)
class Lock:
    """A file to lock.

    Attributes:
        source: What it is made from.
        target: The lock.
        options: uv's, beside those that all have.
    """

    source: Path
    target: Path
    options: tuple[str | Path, ...] = ()

    @property
    def label(self) -> str:
        """Its source, relative to the repository's folder."""
        return str(self.source.relative_to(ROOT))

    @property
    def ships(self) -> bool:
        """Whether it is a function's or a layer's, which the packager reads."""
        return self.label.split("/")[0] in KINDS

    @property
    def command(self) -> str:
        """What makes it anew."""
        return lock_command(self.label).strip("`") if self.ships else "make lock"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to lock."""
    parser.add_argument("--function", default="", help="whose packages to lock")
    parser.add_argument("--layer", default="", help="whose packages to lock")
    parser.add_argument("--upgrade", action="store_true", help="lock the newest versions")


def run(_environment: Environment, arguments: argparse.Namespace) -> None:
    """Lock the packages of a function, a layer, or everything.

    Raises:
        StepError: There is nothing of that name, or it cannot be locked.
    """
    lock(uv(), arguments.function, arguments.layer, upgrade=arguments.upgrade)


def lock(program: Path, function: str, layer: str, *, upgrade: bool) -> None:
    """Lock a function, a layer or, if neither is named, everything.

    Args:
        program: uv.
        function: Its folder's name; may be empty.
        layer: Its folder's name; may be empty.
        upgrade: Whether to take the newest versions rather than those that are locked.

    Raises:
        StepError: There is nothing of that name, or it cannot be locked; its lock is then as it was.
    """
    named = [_named(kind, name) for kind, name in zip(KINDS, (function, layer), strict=True) if name]
    for each in named or _all():
        with step(f"lock of {each.label}") as note:
            note("changed" if _lock(program, each, upgrade=upgrade) else "unchanged")


def _named(kind: str, name: str) -> Lock:
    found = {path.parent.name: path for path in (ROOT / kind).glob("*/requirements.in")}
    if name in found:
        return _shipped(kind, found[name])
    variable = kind.removesuffix("s")
    folders = sorted(
        path.name for path in (ROOT / kind).iterdir() if path.is_dir() and path.name[0] not in "._"
    )
    if name not in folders:
        raise StepError(
            f"{variable.upper()}={name} is not a {variable}", f"choose one of {', '.join(folders)}"
        )
    raise StepError(
        f"{kind}/{name}/requirements.in is missing",
        "write it: the name of a package a line, such as `requests` or `requests>=2.32`",
    )


def _shipped(kind: str, source: Path) -> Lock:
    # What the layers ship is what the tests of all functions run with, beside LocalStack's own packages.
    beside = ("--constraint", _PLUGIN_LOCK) if kind == "layers" and _PLUGIN_LOCK.parent.is_dir() else ()
    return Lock(source, source.with_suffix(".txt"), ("--only-binary", ":all:", *beside))


def _all() -> list[Lock]:
    """Every lock; those that others are bound to come first."""
    shipped = [
        _shipped(kind, source)
        for kind in reversed(KINDS)
        for source in sorted((ROOT / kind).glob("*/requirements.in"))
    ]
    cloud = [
        Lock(LOCALCLOUD / "pyproject.toml", _PLUGIN_LOCK, ("--exclude-newer", _LOCALSTACK_AS_OF)),
        Lock(LOCALCLOUD / "runtime.in", LOCALCLOUD / "runtime.txt"),
    ]
    cloud = cloud if LOCALCLOUD.is_dir() else []
    bounds = [*cloud[:1], *(each for each in shipped if each.label.startswith("layers/"))]
    constraints = [word for bound in bounds for word in ("--constraint", bound.target)]
    tools = ROOT / "requirements"
    return [
        *cloud,
        *shipped,
        Lock(ROOT / "pyproject.toml", tools / "dev.txt", ("--group", "dev", *constraints)),
        *(Lock(source, source.with_suffix(".txt")) for source in sorted(tools.glob("*.in"))),
    ]


def _lock(program: Path, each: Lock, *, upgrade: bool) -> bool:
    """Bring a lock up to date; gives whether it changed."""
    with tempfile.TemporaryDirectory(prefix=".lock-", dir=each.target.parent) as temporary:
        made = Path(temporary, each.target.name)
        if each.target.is_file():
            made.write_text(
                "\n".join(_PIN.findall(each.target.read_text(encoding="utf-8", errors="replace")))
            )
        try:
            steps.run(
                _command(program, each, made, upgrade=upgrade),
                cwd=ROOT,
                env=uv_environment(variables.for_downloads()),
            )
        except StepError as error:
            raise StepError(
                f"{each.label} cannot be locked", "correct it, then run it again", error.detail
            ) from error
        if each.ships:
            _require_packageable(each, made)
        if each.target.is_file() and each.target.read_bytes() == made.read_bytes():
            return False
        made.replace(each.target)
        return True


def _command(program: Path, each: Lock, made: Path, *, upgrade: bool) -> list[str | Path]:
    options = [word.relative_to(ROOT) if isinstance(word, Path) else word for word in each.options]
    source = () if "--group" in each.options else (each.label,)
    return [
        *(program, "pip", "compile", "--quiet", "--generate-hashes", "--no-emit-index-url"),
        *("--python", sys.executable, "--python-version", PYTHON, "--python-platform", _PLATFORM),
        *("--custom-compile-command", each.command, *(["--upgrade"] if upgrade else [])),
        *(*options, *source, "--output-file", made),
    ]


def _require_packageable(each: Lock, made: Path) -> None:
    """Refuse what the packager would refuse, such as the address of a package.

    Raises:
        StepError: With all of it.
    """
    try:
        read_lock(str(made), str(each.target.relative_to(ROOT)))
    except BuildError as error:
        detail = "\n".join(problem.partition(": ")[2].rpartition("; ")[0] for problem in error.problems)
        raise StepError(
            f"{each.label} asks for what cannot be packaged", "name packages that an index has", detail
        ) from error
