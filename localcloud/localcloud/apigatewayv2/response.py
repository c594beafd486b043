"""What goes back to the caller."""

from dataclasses import dataclass, field

from werkzeug.datastructures import Headers


@dataclass
class Response:
    """An HTTP response before it is sent.

    Attributes:
        headers: May repeat a name, as `set-cookie` does.
    """

    status: int
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
