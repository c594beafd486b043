"""Says at once that nothing has changed: by the stats of files alone, before anything heavy is imported.

`dist/.build_stamps` is text, with NUL between its fields: what the last build was asked for, what it printed,
then the path of every file and folder that it read or wrote, a stamp and, where it took one, the sha256. The
module `build_stamps` writes it.
"""

import os
import time

FILE = "dist/.build_stamps"
FORMAT = "2"
ABSENT = "absent"


def stamp(path: str) -> str:
    """What changes whenever a file or folder does.

    The time of the last change of status is in it: unlike that of the last write, no program can set it.
    """
    try:
        found = os.stat(path)
    except OSError:
        return ABSENT
    return f"{found.st_ino} {found.st_size} {found.st_ctime_ns}"


def request(arguments: list[str]) -> str:
    """What was asked for, as one field."""
    return "\n".join([FORMAT, *arguments])


def read_fields(root: str) -> list[str]:
    """The fields of the last build; none if there was none."""
    try:
        with open(f"{root}/{FILE}", encoding="utf-8", errors="surrogateescape") as file:
            return file.read().split("\0")
    except OSError:
        return []


def unchanged_report(root: str, arguments: list[str]) -> str | None:
    """What to print if nothing has changed since the last build with the same arguments; else None."""
    started = time.perf_counter()
    fields = iter(read_fields(root))
    if next(fields, None) != request(arguments):
        return None
    words = next(fields, "")
    for path, before, _ in zip(fields, fields, fields, strict=False):
        if stamp(f"{root}/{path}") != before:
            return None
    return f"{words} in {time.perf_counter() - started:.2f} s: dist/manifest.json"
