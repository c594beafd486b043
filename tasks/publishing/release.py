"""A release of the site: the files of `site/`, under folders that are named by what is in them."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.environment.paths import ROOT, TERRAFORM
from tasks.processes.steps import StepError
from tasks.publishing.machine import drawn

SITE = ROOT / "site"
_SCHEMA = ROOT / "shared" / "dragons" / "schemas" / "report.json"
_MACHINE = TERRAFORM / "system" / "workflows" / "report_dragon.asl.json.tftpl"

FOREVER = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=0, s-maxage=60, must-revalidate"

_DIGITS = 12
_TYPES = {  # Python's own table differs between machines
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True)
class File:
    """An object of the site's bucket."""

    key: str
    content: bytes
    cache_control: str

    @property
    def content_type(self) -> str:
        """By the key's ending."""
        return _TYPES[Path(self.key).suffix]


@dataclass(frozen=True)
class Release:
    """The files of a release.

    Attributes:
        folder: What it is called: 12 hexadecimal digits of what is in it.
        assets: What pages refer to; beside all releases, under a folder of their own content.
        pages: What people have an address of.
    """

    folder: str
    assets: tuple[File, ...]
    pages: tuple[File, ...]

    @property
    def addresses(self) -> list[str]:
        """The paths that the pages are served at."""
        return sorted(page.key.removeprefix(self.folder) for page in self.pages)


def build(settings: Mapping[str, Any], site: Path = SITE) -> Release:
    """Make a release out of the site's files.

    The same files and settings give the same release.

    Args:
        settings: What the page is told in /settings.json, beside the release's own name.
        site: The folder of the files.

    Raises:
        StepError: A file's content type is not known.
        OSError: A file cannot be read.
    """
    found = {path.relative_to(site).as_posix(): path.read_bytes() for path in _files(site)}
    _require_types(found)
    named = {name.removeprefix("assets/"): content for name, content in found.items() if _is_asset(name)}
    named["machine.json"] = _json(drawn(_MACHINE))
    named["schemas/report.json"] = _SCHEMA.read_bytes()
    assets = f"assets/{_digest(named)}"
    pages = {name: _linked(name, content, assets) for name, content in found.items() if not _is_asset(name)}
    folder = _digest(pages | {"settings.json": _json(settings)})
    pages["settings.json"] = _json({**settings, "release": folder})
    return Release(
        folder,
        tuple(File(f"{assets}/{name}", content, FOREVER) for name, content in sorted(named.items())),
        tuple(File(f"{folder}/{name}", content, SHORTLY) for name, content in sorted(pages.items())),
    )


def _files(site: Path) -> Iterable[Path]:
    """The files of a folder, without those that an editor or a file manager leaves."""
    return (path for path in sorted(site.rglob("*")) if path.is_file() and path.name[0] not in ".#~")


def _require_types(names: Iterable[str]) -> None:
    for name in names:
        if Path(name).suffix not in _TYPES:
            raise StepError(
                f"site/{name}: the content type of such a file is not known",
                "add it to tasks/publishing/release.py, or take the file away",
            )


def _is_asset(name: str) -> bool:
    return name.startswith("assets/")


def _linked(name: str, content: bytes, assets: str) -> bytes:
    """A page whose assets are those of this release."""
    return content.replace(b'"/assets/', f'"/{assets}/'.encode()) if name.endswith(".html") else content


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _digest(files: Mapping[str, bytes]) -> str:
    found = hashlib.sha256()
    for name, content in sorted(files.items()):
        found.update(f"{name}\0{len(content)}\0".encode() + content)
    return found.hexdigest()[:_DIGITS]
