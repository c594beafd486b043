"""The folders that become zips, and the platform that they are built for."""

from dataclasses import dataclass
from pathlib import Path

FUNCTIONS = "functions"
LAYERS = "layers"

MACHINES = {"x86_64": "x86_64", "AMD64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True, slots=True)
class Target:
    """The Lambda platform to build for.

    Attributes:
        python: minor version, such as `3.13`.
        architecture: `x86_64` or `arm64`, in Lambda's words.
    """

    python: str
    architecture: str

    @property
    def runtime(self) -> str:
        """Lambda's identifier of the runtime, such as `python3.13`."""
        return f"python{self.python}"


@dataclass(frozen=True, slots=True)
class Artefact:
    """One folder that becomes one zip.

    Attributes:
        kind: `functions` or `layers`.
        folder: absolute path of the folder.
    """

    kind: str
    folder: Path

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def label(self) -> str:
        """How messages name it, such as `functions/list_dragons`."""
        return f"{self.kind}/{self.name}"

    @property
    def handler(self) -> str | None:
        """Lambda's handler setting; None for a layer."""
        return f"{self.name}.handler.handler" if self.kind == FUNCTIONS else None


def discover(root: Path) -> list[Artefact]:
    """List the folders of `functions/` and `layers/` under `root`, sorted by name.

    Dot folders and caches are passed over, and so is a folder that holds nothing but `__pycache__`:
    that is what git leaves behind where a branch has no such function.
    """
    return [
        Artefact(kind, folder)
        for kind in (FUNCTIONS, LAYERS)
        if (root / kind).is_dir()
        for folder in sorted((root / kind).iterdir())
        if _is_source(folder)
    ]


def _is_source(folder: Path) -> bool:
    if not folder.is_dir() or folder.name.startswith(".") or folder.name == "__pycache__":
        return False
    return [entry.name for entry in folder.iterdir()] != ["__pycache__"]
