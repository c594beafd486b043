"""A small repository to build in tests, and an index of handmade wheels that needs no network."""

import hashlib
import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

from packager import command
from packager.artifact import Target
from packager.lock import Lock, normalized

HANDLER = "def handler(event, context):\n    return event\n"


def wheel_bytes(name: str, version: str, files: dict[str, str], metadata: str = "") -> bytes:
    """A wheel of those files, with the metadata that every wheel has."""
    info = f"{name}-{version}.dist-info"
    content = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{metadata}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, text in content.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return buffer.getvalue()


def lock_line(name: str, version: str, wheel: bytes) -> str:
    return f"{name}=={version} \\\n    --hash=sha256:{hashlib.sha256(wheel).hexdigest()}\n"


class Repository:
    """A repository's folder, what its builds may download, and where they cache it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "repository"
        self.cache = folder / "cache"
        self.index = folder / "index"
        self.fetches = 0
        self.root.mkdir(parents=True)
        self.index.mkdir()

    def write(self, path: str, content: str | bytes = "") -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def add_function(self, name: str, handler: str = HANDLER, requirements: str = "") -> None:
        self.write(f"functions/{name}/handler.py", handler)
        if requirements:
            self.write(f"functions/{name}/requirements.txt", requirements)

    def add_wheel(self, name: str, version: str, files: dict[str, str], metadata: str = "") -> str:
        """Put a wheel into the index; gives the line that locks it."""
        wheel = wheel_bytes(name, version, files, metadata)
        (self.index / f"{name}-{version}-py3-none-any.whl").write_bytes(wheel)
        return lock_line(name, version, wheel)

    def fetch(self, lock: Lock, target: Target, folder: str) -> None:
        self.fetches += 1
        wanted = {(locked.name, locked.version) for locked in lock.requirements}
        for wheel in self.index.glob("*.whl"):
            name, version = wheel.name.split("-")[:2]
            if (normalized(name), version) in wanted:
                shutil.copy(wheel, folder)

    def build(self, *arguments: str) -> int:
        arguments = arguments or ("--arch", "x86_64")
        return command.main(list(arguments), root=str(self.root), fetch=self.fetch, cache=str(self.cache))

    @property
    def manifest_text(self) -> str:
        return (self.root / "dist/manifest.json").read_text(encoding="utf-8")

    @property
    def manifest(self) -> Any:
        return json.loads(self.manifest_text)

    def zipped(self, artifact: str) -> dict[str, bytes]:
        """The content of the files in an artifact's zip, by path, less what was compiled."""
        return {path: content for path, content in self._all(artifact).items() if not path.endswith(".pyc")}

    def compiled(self, artifact: str) -> dict[str, bytes]:
        """The compiled files in an artifact's zip, by path."""
        return {path: content for path, content in self._all(artifact).items() if path.endswith(".pyc")}

    def _all(self, artifact: str) -> dict[str, bytes]:
        with zipfile.ZipFile(self.root / f"dist/{artifact}.zip") as archive:
            assert archive.testzip() is None
            return {name: archive.read(name) for name in archive.namelist()}
