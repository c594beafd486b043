"""Browsers whose users were sent a code: which page asks for it, of whom, and where the code went."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from rolo import Response

from localcloud.cognito_idp import messages
from localcloud.cognito_idp.expiring import Expiring
from localcloud.cognito_idp.hosted_ui import pages
from localcloud.cognito_idp.hosted_ui.forms import Visit
from localcloud.cognito_idp.hosted_ui.responses import UntrustedRequestError, page, redirect
from localcloud.cognito_idp.users import find_user

SECONDS = 3600
COOKIE = "cognito-code"
_MEDIA = {"EMAIL": "email", "SMS": "SMS"}


@dataclass(frozen=True)
class Waiting:
    """One browser, at one page.

    Attributes:
        pool_id: The pool's.
        path: The page's.
        username: Who signed up, has given the right password, or wants another one.
        sent: How the code was sent, and where to, as far as people are told.
        address: Where to.
    """

    pool_id: str
    path: str
    username: str
    sent: str
    address: str

    @property
    def aside(self) -> tuple[str, str, str]:
        """The way to the code, which reaches no mailbox from here; AWS has no such link."""
        query = urlencode({"destination": self.address})
        return "No mail leaves this machine:", f"{messages.PATH}?{query}", "Read the code"


_WAITING: Expiring[Waiting] = Expiring(SECONDS)


def ask_for_code(visit: Visit, path: str, username: str, delivery: Mapping[str, str]) -> Response:
    """Send the browser to the page that asks for a code.

    Args:
        visit: The browser.
        path: The page's.
        username: Whose code it is.
        delivery: The `CodeDeliveryDetails`; empty where nothing could be sent.
    """
    if not delivery:
        words = "No code could be sent: ask an administrator to confirm your account."
        return page(pages.message("Confirm your account", words))
    sent = f"by {_MEDIA[delivery['DeliveryMedium']]} to {delivery['Destination']}"
    pool, response = visit.domain.pool, redirect(visit.address(path))
    user = find_user(pool, username)  # none where the client hides who exists
    address = user.attribute_lookup[delivery["AttributeName"]] if user else username
    key = _WAITING.keep(Waiting(pool.id, path, username, sent, address))
    visit.domain.set_cookie(response, COOKIE, key, SECONDS)
    return response


def find(visit: Visit, path: str) -> Waiting:
    """Who waits in this browser for the code that a page asks for.

    Raises:
        UntrustedRequestError: Nobody.
    """
    found = _WAITING.find(visit.request.cookies.get(COOKIE, ""))
    if found is None or (found.pool_id, found.path) != (visit.domain.pool.id, path):
        raise UntrustedRequestError(
            "No code was sent from this browser within an hour. Go back and try again."
        )
    return found


def end(visit: Visit, response: Response) -> Response:
    """The response to who waits no longer."""
    _WAITING.take(visit.request.cookies.get(COOKIE, ""))
    visit.domain.drop_cookie(response, COOKIE)
    return response
