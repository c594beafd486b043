"""What CloudFront takes of a function that runs at its edge (Lambda@Edge).

A function is one by its `edge.txt`. Its only line says which of CloudFront's events call it: `viewer` for
those on the way from and to the viewer, `origin` for those on the way to and from the origin. It runs on
x86_64 alone, has no layer, and its zip is held to the limit of its events.

Sources: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-restrictions.html
and https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
"""

from packager.archive import require_below
from packager.build_stamps import BuildStamps
from packager.entry import Entry
from packager.errors import BuildError
from packager.text_file import is_file, read_lines

EDGE = "edge.txt"
ARCHITECTURE = "x86_64"
ZIP_LIMITS = {"viewer": 1024 * 1024, "origin": 50 * 1024 * 1024}
"""Bytes of a zip, by the events that call the function."""


def read_edge(root: str, folder: str, stamps: BuildStamps) -> str | None:
    """The events that call a function at the edge, `viewer` or `origin`; None for any other function.

    Args:
        root: The repository's folder.
        folder: The function's, relative to it.
        stamps: Where the file is noted.

    Raises:
        BuildError: The file says anything else.
    """
    label = f"{folder}/{EDGE}"
    if not is_file(f"{root}/{label}", label):
        return None
    stamps.note(label)
    lines = read_lines(f"{root}/{label}", label)
    if len(lines) == 1 and lines[0][1] in ZIP_LIMITS:
        return lines[0][1]
    where, found = lines[-1] if lines else (label, "")
    raise BuildError(
        f"{where}: {found!r} is not the one line that says which of CloudFront's events call the function; "
        f"write {' or '.join(ZIP_LIMITS)}, or remove the file if none of them does"
    )


def require_own_imports(imports: list[tuple[str, str]], entries: list[Entry]) -> None:
    """Refuse imports of what is not in the function's own zip: no layer lies beneath it.

    Args:
        imports: Where a module is imported that is not Python's own, as `file:line`, and its first name.
        entries: What goes into the zip.

    Raises:
        BuildError: With every such import.
    """
    there = {entry.path.partition("/")[0].partition(".")[0] for entry in entries}
    problems = [
        f"{where}: imports {name}, and a function at the edge has no layer; put what it needs into its "
        "folder, or lock it in the function's own requirements.txt"
        for where, name in imports
        if name not in there
    ]
    if problems:
        raise BuildError(*problems)


def require_zip_below(events: str, zip_size: int, label: str, entries: list[Entry]) -> None:
    """Refuse a zip that CloudFront would refuse.

    Raises:
        BuildError: It is over the limit of its events; the largest entries are named.
    """
    require_below(ZIP_LIMITS[events], zip_size, "zipped", label, entries, whose=f"the edge's ({events})")
