"""What of a wheel goes into a zip (packaging.python.org/en/latest/specifications/binary-distribution-format).

What an installer would write to `site-packages` is kept, RECORD, METADATA and licences with it, packed as it
is in the wheel. Scripts, headers and data files go elsewhere on an installation, and have no use on Lambda.
"""

import os
import re
from collections.abc import Callable

from packager.archive import read_archive
from packager.entry import Entry
from packager.errors import BuildError
from packager.lock import Lock, normalized

_LIBRARY_FOLDERS = ("purelib", "platlib")
_UNCONDITIONAL = re.compile(r"^Requires-Dist:\s*([A-Za-z0-9][\w.-]*)[^;\n]*$", re.MULTILINE)


def wheel_entries(wheel: str, folder: str, wanted: Callable[[str], bool] = lambda _: True) -> list[Entry]:
    """The files of a wheel.

    Args:
        wheel: Its path.
        folder: Where they go in the zip, such as `python/`; empty for its root.
        wanted: Whether a file is wanted, by its path in the wheel.

    Raises:
        BuildError: The file is not a zip, or a path in it leaves the folder it is unpacked to.
    """
    name = os.path.basename(wheel)
    return [
        entry._replace(path=folder + place)
        for entry in read_archive(wheel, wanted)[0]
        if (place := _place(entry.path, name))
    ]


def _place(path: str, wheel: str) -> str:
    """Where a file of a wheel is installed, relative to `site-packages`; empty if it is not."""
    rooted = f"/{path}"
    if "//" in rooted or "/../" in rooted:
        raise BuildError(f"{wheel}: the path {path!r} leaves its folder; do not use this wheel")
    if "/__pycache__/" in rooted or path.endswith(("/", ".pyc", ".pyo")):
        return ""
    if ".data/" not in path:
        return path
    parts = path.split("/")
    if not parts[0].endswith(".data"):
        return path
    return "/".join(parts[2:]) if parts[1] in _LIBRARY_FOLDERS else ""


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
