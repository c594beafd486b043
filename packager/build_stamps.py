"""What a build has read and written: stamps by which the next one knows that it has nothing to do."""

import hashlib
import os
import time
from collections.abc import Mapping

from packager.errors import naming
from packager.unchanged import ABSENT, FILE, read_fields, request, stamp

# A file that changes twice within a tick of the clock keeps its stamp: what is this new is not trusted. Some
# file systems keep whole seconds, or every other one.
_TICK_NS = 50_000_000
_COARSE_TICK_NS = 2_000_000_000
_TOO_NEW = "too new"


class BuildStamps:
    """The stamps of one build.

    Args:
        root: The repository's folder; paths are relative to it.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        fields = iter(read_fields(root)[2:])
        self._before = {
            (path, found): digest for path, found, digest in zip(fields, fields, fields, strict=False)
        }
        self._now: dict[str, tuple[str, str]] = {}

    def note(self, path: str, digest: str = "") -> str:
        """Remember a file or folder as it is now, before it is read; gives its stamp."""
        found = stamp(f"{self._root}/{path}")
        self._now[path] = (_TOO_NEW if _is_new(found) else found, digest)
        return self._now[path][0]

    def sha256(self, path: str) -> str:
        """The sha256 (hex) of a file, which is read only if it is not as the last build saw it."""
        found = self.note(path)
        digest = "" if found == _TOO_NEW else self._before.get((path, found), "")
        if not digest:
            with open(f"{self._root}/{path}", "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        self._now[path] = (found, digest)
        return digest

    def note_packager(self) -> None:
        """Remember the packager itself: another one may make other zips."""
        folder = os.path.dirname(os.path.abspath(__file__))
        for name in sorted(os.listdir(folder)):
            if name.endswith(".py"):
                self.note(os.path.relpath(f"{folder}/{name}", self._root))

    def write(self, arguments: list[str], words: str, outputs: Mapping[str, str]) -> None:
        """Write it all down.

        Args:
            arguments: What was asked for.
            words: What a build that changes nothing is to print.
            outputs: The files that were written, with their sha256 (hex) as far as it is known.
        """
        made = {path: (stamp(f"{self._root}/{path}"), digest) for path, digest in outputs.items()}
        fields = [request(arguments), words]
        for path, (found, digest) in (self._now | made).items():
            fields += [path, found, digest]
        partial = f"{self._root}/{FILE}.partial"
        with naming(partial), open(partial, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write("\0".join(fields))
        os.replace(partial, f"{self._root}/{FILE}")


def _is_new(found: str) -> bool:
    if found == ABSENT:
        return False
    changed = int(found.rpartition(" ")[2])
    tick = _TICK_NS if changed % 1_000_000_000 else _COARSE_TICK_NS
    return changed > time.time_ns() - tick
