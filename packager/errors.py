"""The one exception of the packager."""

from collections.abc import Iterator
from contextlib import contextmanager


class BuildError(Exception):
    """What is wrong with the inputs.

    Attributes:
        problems: one line each, naming the file and the remedy.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@contextmanager
def collecting(problems: list[str]) -> Iterator[None]:
    """Add the problems of a BuildError to a list and go on, so that all are reported at once."""
    try:
        yield
    except BuildError as error:
        problems.extend(error.problems)


@contextmanager
def naming(path: str) -> Iterator[None]:
    """Give an OSError that names no file, such as that of a full disk, the one that was worked on."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or path
        raise
