"""What is not believed."""

from dragons.errors import FieldError, InvalidRequestError


class NotBelievedError(InvalidRequestError):
    """A well-formed message that SNS did not send, or for another topic, or more than an hour ago."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__("Not a message of the topic", [FieldError(field, reason)])


def malformed(*errors: FieldError) -> InvalidRequestError:
    """The error for what is no message of SNS at all."""
    return InvalidRequestError("Not a message of SNS", list(errors))
