"""Notices the files that are saved in some folders, by looking: a hundred files take a millisecond."""

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

_SECONDS = 0.1
_IGNORED = {"__pycache__", ".terraform", "node_modules"}

Snapshot = dict[str, tuple[int, int, int]]


def changes(folders: Sequence[Path]) -> Iterator[list[Path]]:
    """Wait for files to be written, made or removed, and yield those of each moment; for ever.

    The first yield comes at once, and is empty: what is saved from then on comes in a later one.

    Args:
        folders: Where to look, with all that is below. Hidden files, such as an editor's own, do not count.
    """
    before = snapshot(folders)
    yield []
    while True:
        time.sleep(_SECONDS)
        now = snapshot(folders)
        if changed := sorted(
            path for path in before.keys() | now.keys() if before.get(path) != now.get(path)
        ):
            yield [Path(path) for path in changed]
        before = now


def snapshot(folders: Sequence[Path]) -> Snapshot:
    """Each file's time, size and number: an editor may write a file, or put another in its place."""
    found: Snapshot = {}
    waiting = [str(folder) for folder in folders]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue  # removed in the meantime
        for entry in entries:
            if entry.name.startswith(".") or entry.name.endswith("~") or entry.name in _IGNORED:
                continue
            if entry.is_dir():
                waiting.append(entry.path)
            else:
                _add(found, entry)
    return found


def _add(found: Snapshot, entry: os.DirEntry[str]) -> None:
    try:
        status = entry.stat()
    except OSError:
        return  # removed in the meantime
    found[entry.path] = (status.st_mtime_ns, status.st_size, status.st_ino)
