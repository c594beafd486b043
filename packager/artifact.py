"""The folders that become zips, and the platform that they are built for."""

import os
from typing import NamedTuple

from packager.build_stamps import BuildStamps
from packager.errors import BuildError
from packager.left_behind import is_left_behind

FUNCTIONS = "functions"
LAYERS = "layers"
KINDS = (FUNCTIONS, LAYERS)

MACHINES = {"x86_64": "x86_64", "AMD64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


class Target(NamedTuple):
    """The Lambda platform to build for.

    Attributes:
        python: Minor version, such as `3.13`.
        architecture: `x86_64` or `arm64`, in Lambda's words.
    """

    python: str
    architecture: str

    @property
    def runtime(self) -> str:
        """Lambda's identifier of the runtime, such as `python3.13`."""
        return f"python{self.python}"

    @property
    def is_here(self) -> bool:
        """Whether what is built runs on this machine, given the right Python."""
        return _has_glibc() and MACHINES.get(os.uname().machine) == self.architecture


class Artifact(NamedTuple):
    """One folder that becomes one zip.

    Attributes:
        kind: `functions` or `layers`.
        name: The folder's name.
    """

    kind: str
    name: str

    @property
    def label(self) -> str:
        """Its folder, relative to the repository's; how messages name it."""
        return f"{self.kind}/{self.name}"

    @property
    def zip_path(self) -> str:
        """Its zip, relative to the repository's folder."""
        return f"dist/{self.kind}/{self.name}.zip"

    @property
    def module(self) -> str:
        """The module of a function's handler."""
        return f"{self.name}.handler"

    @property
    def handler(self) -> str | None:
        """Lambda's handler setting; None for a layer."""
        return f"{self.module}.handler" if self.kind == FUNCTIONS else None

    @property
    def dependencies_folder(self) -> str:
        """Where its locked packages go in the zip: Lambda looks for a layer's in /opt/python."""
        return "" if self.kind == FUNCTIONS else "python/"

    @property
    def mount(self) -> str:
        """Where Lambda unpacks the zip."""
        return "/var/task/" if self.kind == FUNCTIONS else "/opt/"


def discover(root: str, stamps: BuildStamps) -> list[Artifact]:
    """List the folders of `functions/` and `layers/` under `root`, sorted by name.

    Dot folders and what tools leave behind are passed over, and so is a folder that holds nothing else, such
    as `__pycache__`: git leaves it where a branch has no such function.

    Raises:
        BuildError: What should be a folder is none.
    """
    return [
        Artifact(kind, name)
        for kind in KINDS
        for name in _folders(root, kind, stamps)
        if _is_source(root, f"{kind}/{name}", stamps)
    ]


def _folders(root: str, kind: str, stamps: BuildStamps) -> list[str]:
    stamps.note(kind)
    _require_folder(root, kind)
    names = sorted(os.listdir(f"{root}/{kind}")) if os.path.isdir(f"{root}/{kind}") else []
    wanted = [name for name in names if not name.startswith(".") and not is_left_behind(name)]
    for name in wanted:
        if os.path.islink(f"{root}/{kind}/{name}"):
            _require_folder(root, f"{kind}/{name}")
    return [name for name in wanted if os.path.isdir(f"{root}/{kind}/{name}")]


def _require_folder(root: str, path: str) -> None:
    if os.path.lexists(f"{root}/{path}") and not os.path.isdir(f"{root}/{path}"):
        raise BuildError(f"{path}: not a folder; remove it")


def _has_glibc() -> bool:
    """Whether this is a Linux that wheels for Lambda load on; Alpine, for one, has another C library."""
    try:
        return str(os.confstr("CS_GNU_LIBC_VERSION")).startswith("glibc")
    except (OSError, ValueError):
        return False


def _is_source(root: str, folder: str, stamps: BuildStamps) -> bool:
    stamps.note(folder)
    names = os.listdir(f"{root}/{folder}")
    return not names or not all(map(is_left_behind, names))
