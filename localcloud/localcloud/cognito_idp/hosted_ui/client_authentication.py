"""Which app asks: by its secret, in the header (`client_secret_basic`) or the body (`client_secret_post`).

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
"""

import hmac

from moto.cognitoidp.models import CognitoIdpUserPoolClient
from rolo import Request

from localcloud.cognito_idp.hosted_ui.domain import Domain
from localcloud.cognito_idp.hosted_ui.errors import OAuthError
from localcloud.cognito_idp.hosted_ui.parameters import optional


def authenticate_client(domain: Domain, request: Request) -> CognitoIdpUserPoolClient:
    """The app client of a request; a public one has only its id to say.

    Raises:
        OAuthError: `invalid_client`, or `invalid_request` for one that says who it is in two ways.
    """
    client_id, secret = _credentials(request)
    client = domain.pool.clients.get(client_id or "")
    if client is None or not _knows(client, secret):
        raise OAuthError("invalid_client")
    return client


def _credentials(request: Request) -> tuple[str | None, str | None]:
    client_id = optional(request.form, "client_id")
    secret = optional(request.form, "client_secret")
    header = request.authorization
    if header is None:
        return client_id, secret
    if header.type != "basic":
        raise OAuthError("invalid_client")
    if secret is not None or client_id not in (None, header.username):
        raise OAuthError("invalid_request", "the client says who it is in two ways")
    return header.username, header.password


def _knows(client: CognitoIdpUserPoolClient, secret: str | None) -> bool:
    """Whether it is the client's secret; a public client has none."""
    if not client.generate_secret:
        return not secret
    return hmac.compare_digest(client.secret.encode(), (secret or "").encode())
