"""What the pages' forms share: the client's request that they carry on, and that no other site fills them in.

A form's field repeats a cookie that other sites cannot read.
"""

import base64
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.cognitoidp.models import CognitoIdpUserPool
from rolo import Request, Response

from localcloud.cognito_idp.authentication import App
from localcloud.cognito_idp.errors import CognitoError
from localcloud.cognito_idp.hosted_ui import pages
from localcloud.cognito_idp.hosted_ui.authorization_request import AuthorizationRequest, read_request
from localcloud.cognito_idp.hosted_ui.domain import Domain
from localcloud.cognito_idp.hosted_ui.identity_providers import COGNITO
from localcloud.cognito_idp.hosted_ui.parameters import Parameters
from localcloud.cognito_idp.hosted_ui.responses import ForeignFormError, page
from localcloud.cognito_idp.passwords import requirements

_COOKIE = "XSRF-TOKEN"
_FIELD = "_csrf"


@dataclass(frozen=True)
class Visit:
    """A browser on one of the pages, on the way that a client's request has sent it."""

    domain: Domain
    request: Request
    asked: AuthorizationRequest

    @property
    def app(self) -> App:
        """The app to sign in to."""
        return App(self.domain.pool, self.asked.client)

    def address(self, path: str) -> str:
        """A page's address, on the host that the browser knows, with the client's request."""
        return f"{self.domain.path}{path}?{self.asked.query}"

    def show(self, form: pages.Form, error: str = "") -> Response:
        """Show a form, and let the browser bring the token along with it."""
        token = self.request.cookies.get(_COOKIE) or secrets.token_urlsafe(32)
        response = page(pages.form(form, token, error), 400 if error else 200)
        self.domain.set_cookie(response, _COOKIE, token)
        return response

    def operation(self, username: str, **parameters: Any) -> dict[str, Any]:
        """The request of an operation for a user, as the client would make it: with its secret's hash."""
        client = self.asked.client
        known = {"ClientId": client.id, "Username": username} | parameters
        if not client.generate_secret:
            return known
        digest = hmac.digest(client.secret.encode(), (username + client.id).encode(), "sha256")
        return known | {"SecretHash": base64.b64encode(digest).decode()}


@dataclass(frozen=True)
class Page:
    """A form at a path.

    Attributes:
        path: Below the domain's address.
        form: What is on it.
        act: What a form that is filled in leads to; a CognitoError is told on the form.
    """

    path: str
    form: Callable[[Visit], pages.Form]
    act: Callable[[Visit], Response]

    def show(self, domain: Domain, request: Request) -> Response:
        """Respond to GET; see `read_request` for what is raised."""
        visit = Visit(domain, request, read_request(domain.pool, request.args))
        return visit.show(self.form(visit))

    def submit(self, domain: Domain, request: Request) -> Response:
        """Respond to POST.

        Raises:
            ForeignFormError: The form is none of ours.
            AuthorizationError: The client has users of other identity providers alone.
        """
        visit = Visit(domain, request, read_request(domain.pool, request.args))
        cookie, given = request.cookies.get(_COOKIE, ""), request.form.get(_FIELD, "")
        if not cookie or not hmac.compare_digest(cookie.encode(), given.encode()):
            raise ForeignFormError
        if not visit.asked.accepts(COGNITO):
            raise visit.asked.error("invalid_request", "the app client has no such identity provider")
        try:
            return self.act(visit)
        except CognitoError as error:
            return visit.show(self.form(visit), error.message)


def username_label(pool: CognitoIdpUserPool) -> str:
    """What people are known by, such as `Email`."""
    names = pool.extended_config.get("UsernameAttributes") or ["username"]
    return " or ".join(each.replace("_", " ") for each in names).capitalize()


def code_field(**attributes: str) -> pages.Field:
    """Where a code goes."""
    known = {"inputmode": "numeric", "autocomplete": "one-time-code"}
    return pages.Field("code", "Code", attributes=known | attributes)


def new_password_fields(pool: CognitoIdpUserPool) -> tuple[pages.Field, pages.Field]:
    """Where a new password goes, twice."""
    kind = {"type": "password", "autocomplete": "new-password"}
    again = pages.Field("confirm_password", "Enter New Password Again", attributes=kind)
    return pages.Field("new_password", "New Password", requirements(pool), kind), again


def new_password(form: Parameters) -> str:
    """The new password of a form.

    Raises:
        CognitoError: InvalidPasswordException, where the two differ.
    """
    chosen, again = form.get("new_password", ""), form.get("confirm_password", "")
    if chosen != again:
        raise CognitoError("InvalidPasswordException", "The passwords do not match.")
    return chosen
