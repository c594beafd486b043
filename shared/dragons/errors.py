"""The errors that the functions raise on purpose."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with a request: which field, and why."""

    field: str
    reason: str


class InvalidRequestError(Exception):
    """A request that its caller has to change.

    Attributes:
        errors: Every field found wrong.
    """

    def __init__(self, message: str, errors: list[FieldError]) -> None:
        super().__init__(message)
        self.errors = errors

    def body(self) -> dict[str, Any]:
        """The project's error body: `{"message", "errors": [{"field", "reason"}]}`."""
        return {"message": str(self), "errors": [asdict(error) for error in self.errors]}


class DragonValidationException(Exception):  # noqa: N818 - the name that the workflow catches
    """A report that is refused; the message is the reason its reporter is told."""


class ConfigurationError(Exception):
    """A function or a worker that lacks something it needs."""
