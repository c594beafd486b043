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
