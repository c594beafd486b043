"""Writes zips whose bytes depend on their entries alone."""

import hashlib
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path

from packager.entry import Entry
from packager.errors import BuildError

# docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, "Deployment package"
ZIP_LIMIT = 50 * 1024 * 1024
UNZIPPED_LIMIT = 250 * 1024 * 1024

_TIMESTAMP = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold
_UNIX = 3
_LEVEL = 6
_LARGEST = 10


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip that was written.

    Attributes:
        sha256: of the file, in hex.
        zip_size: bytes of the file.
        unzipped_size: bytes of its entries' contents.
    """

    sha256: str
    zip_size: int
    unzipped_size: int


def write_archive(path: Path, entries: list[Entry], label: str) -> Archive:
    """Write `entries`, which are sorted, to a new zip at `path`.

    Raises:
        BuildError: the zip exceeds what Lambda takes.
    """
    unzipped_size = sum(len(entry.content) for entry in entries)
    if unzipped_size > UNZIPPED_LIMIT:
        raise BuildError(_too_large(label, "unzipped", unzipped_size, UNZIPPED_LIMIT, entries))
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for entry in entries:
            archive.writestr(_header(entry), entry.content, zipfile.ZIP_DEFLATED, _LEVEL)
    zip_size = path.stat().st_size
    if zip_size > ZIP_LIMIT:
        raise BuildError(_too_large(label, "zipped", zip_size, ZIP_LIMIT, entries))
    return Archive(sha256_of(path), zip_size, unzipped_size)


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def readable(size: int) -> str:
    """A size in bytes as people read it."""
    return f"{size / 1024:.1f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"


def _header(entry: Entry) -> zipfile.ZipInfo:
    header = zipfile.ZipInfo(entry.path, _TIMESTAMP)
    header.create_system = _UNIX
    header.external_attr = (stat.S_IFREG | (0o755 if entry.executable else 0o644)) << 16
    return header


def _too_large(label: str, how: str, size: int, limit: int, entries: list[Entry]) -> str:
    largest = sorted(entries, key=lambda entry: (-len(entry.content), entry.path))[:_LARGEST]
    names = ", ".join(f"{entry.path} ({readable(len(entry.content))})" for entry in largest)
    return (
        f"{label}: {readable(size)} {how}, over Lambda's {readable(limit)}; "
        f"drop or move some of its largest files: {names}"
    )
