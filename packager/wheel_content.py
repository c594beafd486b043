"""Unpacks wheels (packaging.python.org/en/latest/specifications/binary-distribution-format).

What an installer would write to `site-packages` is kept, RECORD, METADATA and licences with it. Scripts,
headers and data files go elsewhere on an installation and have no use on Lambda: they are left out.
"""

import re
import zipfile
from pathlib import Path, PurePosixPath

from packager.entry import Entry, is_cache
from packager.errors import BuildError
from packager.lock import Lock, normalized

_LIBRARY_FOLDERS = ("purelib", "platlib")
_UNCONDITIONAL = re.compile(r"^Requires-Dist:\s*([A-Za-z0-9][\w.-]*)[^;\n]*$", re.MULTILINE)


def wheel_entries(wheel: Path, prefix: str) -> list[Entry]:
    """Read the files of a wheel, placed under `prefix` (empty for the zip's root).

    Raises:
        BuildError: the file is no zip, or a path in it leaves the folder it is unpacked to.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            return [
                Entry(
                    str(PurePosixPath(prefix, place)),
                    archive.read(info),
                    bool(info.external_attr >> 16 & 0o100),
                    wheel.name,
                )
                for info in archive.infolist()
                if not info.is_dir() and (place := _place(info.filename, wheel)) is not None
            ]
    except zipfile.BadZipFile as error:
        raise BuildError(f"{wheel.name}: damaged wheel ({error}); lock another version") from error


def _place(name: str, wheel: Path) -> PurePosixPath | None:
    """Where a file of a wheel is installed, seen from `site-packages`; None if it is not."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise BuildError(f"{wheel.name}: the path {name!r} leaves its folder; do not use this wheel")
    if any(is_cache(part) for part in path.parts):
        return None
    if not path.parts[0].endswith(".data"):
        return path
    if len(path.parts) > 2 and path.parts[1] in _LIBRARY_FOLDERS:
        return PurePosixPath(*path.parts[2:])
    return None


def unlocked_requirements(entries: list[Entry], lock: Lock) -> list[str]:
    """Name what the unpacked wheels always require and the lock lacks; one line each.

    Requirements with a marker are passed over: whether they hold is the lock's business.
    """
    locked = {requirement.name for requirement in lock.requirements}
    return [
        f"{lock.label}: {entry.origin} requires {name}, which is not locked; lock the whole set anew"
        for entry in entries
        if entry.path.endswith(".dist-info/METADATA")
        for name in _UNCONDITIONAL.findall(_headers(entry.content))
        if normalized(name) not in locked
    ]


def _headers(metadata: bytes) -> str:
    """METADATA without the description that may follow its headers after an empty line."""
    return metadata.decode("utf-8", "replace").replace("\r\n", "\n").partition("\n\n")[0]
