"""What a contestant has built."""

import hashlib
from pathlib import Path
from typing import NamedTuple


class Products(NamedTuple):
    """The zips of a build, or its files where it makes no zips.

    Attributes:
        digests: The sha256 (hex) of each, by its path.
        size: Bytes of all.
    """

    digests: dict[str, str]
    size: int

    @property
    def zipped(self) -> bool:
        """Whether they are zips."""
        return all(path.endswith(".zip") for path in self.digests)


def products_of(folder: Path, pattern: str) -> Products:
    """Look at what a build has left.

    Args:
        folder: Where it has built.
        pattern: Of what it builds, relative to there.

    Raises:
        OSError: A file cannot be read.
    """
    paths = [path for path in folder.glob(pattern) if path.is_file()]
    digests = {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    return Products(digests, sum(path.stat().st_size for path in paths))
