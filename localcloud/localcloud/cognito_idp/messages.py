"""The e-mails and text messages that Cognito would send, kept to be read here.

`GET /_aws/cognito-idp/messages?destination=<address>` responds `{"messages": [...]}`, the oldest first.
AWS has no such thing: there, codes reach people alone.
"""

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from localstack.services.edge import ROUTER
from moto.cognitoidp.models import CognitoIdpUser
from rolo import Response
from werkzeug import Request

from localcloud.cognito_idp.users import attributes_of

PATH = "/_aws/cognito-idp/messages"
_KEPT = 10_000
_lock = threading.Lock()


@dataclass(frozen=True)
class Message:
    """One message; the fields are those of the JSON, in Cognito's own words."""

    userPoolId: str  # noqa: N815
    username: str
    medium: str
    destination: str
    subject: str
    body: str
    code: str
    triggerSource: str  # noqa: N815


_messages: deque[Message] = deque(maxlen=_KEPT)


def send(
    user: CognitoIdpUser, code: str, source: str, subject: str, text: str, to: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Send a user a code.

    Args:
        user: Whom; by e-mail, or else by text message.
        code: The code.
        source: What for, as triggers name it: `CustomMessage_SignUp`.
        subject: The subject.
        text: The body, with `{####}` where the code goes.
        to: An `email` or `phone_number` in place of the user's own.

    Returns:
        The `CodeDeliveryDetails`; empty for somebody without an address or a number.
    """
    attributes = to or attributes_of(user)
    for name, medium in (("email", "EMAIL"), ("phone_number", "SMS")):
        if address := attributes.get(name):
            body = text.replace("{####}", code)
            with _lock:
                _messages.append(
                    Message(user.user_pool_id, user.username, medium, address, subject, body, code, source)
                )
            return {"Destination": _masked(address), "DeliveryMedium": medium, "AttributeName": name}
    return {}


def sent_to(destination: str) -> list[dict[str, Any]]:
    """The messages to an address or number, the oldest first."""
    with _lock:
        return [asdict(message) for message in _messages if message.destination == destination]


def apply() -> None:
    """Serve them."""
    ROUTER.add(PATH, _serve, methods=["GET"])


def _serve(request: Request, **_: Any) -> Response:
    response = Response()
    response.set_json({"messages": sent_to(request.args.get("destination", ""))})
    return response


def _masked(address: str) -> str:
    """`a***@e***` or `+*******1234`, as Cognito shows where a code went."""
    if "@" not in address:
        return f"+{'*' * 7}{address[-4:]}"
    name, domain = address.split("@", 1)
    return f"{name[:1]}***@{domain[:1]}***"
