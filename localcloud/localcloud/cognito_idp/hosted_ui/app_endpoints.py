"""What apps ask: `/oauth2/token`, `/oauth2/revoke` and `/oauth2/userInfo`.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html (where a client's
secret may be), .../federation-endpoints-oauth-grants.html, .../revocation-endpoint.html,
.../userinfo-endpoint.html and RFC 7009.

Left out: `aws_client_metadata`. The pre token generation trigger runs at the exchange of a code.
"""

import hmac
from collections.abc import Callable

from moto.cognitoidp.models import CognitoIdpUserPoolClient
from rolo import Request, Response

from localcloud.cognito_idp.account import revoke
from localcloud.cognito_idp.claims import ADMIN_SCOPE, readable_texts
from localcloud.cognito_idp.errors import CognitoError
from localcloud.cognito_idp.hosted_ui import responses
from localcloud.cognito_idp.hosted_ui.authorization_codes import CODES
from localcloud.cognito_idp.hosted_ui.authorization_request import (
    InvalidScopeError,
    choose_scopes,
    custom_scopes,
)
from localcloud.cognito_idp.hosted_ui.domain import Domain
from localcloud.cognito_idp.hosted_ui.parameters import Parameters, optional
from localcloud.cognito_idp.hosted_ui.responses import OAuthError
from localcloud.cognito_idp.sessions import owner_of
from localcloud.cognito_idp.tokens import HOSTED, Grant, Tokens, client_credentials, issue, refresh
from localcloud.cognito_idp.users import find_user

_NO_TOKEN = ("invalid_request", "Bad OAuth2 request at UserInfo Endpoint")
_BAD_TOKEN = (
    "invalid_token",
    "Access token is expired, disabled, or deleted, or the user has globally signed out.",
)


def token(domain: Domain, request: Request) -> Response:
    """`POST /oauth2/token`.

    Raises:
        OAuthError: The client is not known, the grant is not good, or makes no sense.
    """
    if request.mimetype != "application/x-www-form-urlencoded":
        raise OAuthError("invalid_request", "the body must be application/x-www-form-urlencoded")
    client = _authenticate_client(domain, request)
    grant_type = _required(request.form, "grant_type")
    if grant_type not in _GRANTS:
        raise OAuthError("unsupported_grant_type")
    try:
        issued = _GRANTS[grant_type](domain, client, request.form)
    except CognitoError as error:
        raise OAuthError("invalid_grant", error.message) from None
    return responses.json(_as_json(issued))


def _by_code(domain: Domain, client: CognitoIdpUserPoolClient, form: Parameters) -> Tokens:
    _require_flow(client, "code")
    code = CODES.take(_required(form, "code"))  # whatever comes of it, nobody else gets it
    redirect_uri, verifier = _required(form, "redirect_uri"), optional(form, "code_verifier")
    if code is None or code.request.pool is not domain.pool:
        raise OAuthError("invalid_grant")
    if not code.is_for(client.id, redirect_uri, verifier):
        raise OAuthError("invalid_grant")
    user = find_user(domain.pool, code.session.user_id)
    if user is None or not user.enabled:
        raise OAuthError("invalid_grant")
    asked, auth_time = code.request, code.session.auth_time
    return issue(Grant(domain.pool, client, user, asked.scopes, HOSTED, auth_time, asked.nonce))


def _by_refresh_token(domain: Domain, client: CognitoIdpUserPoolClient, form: Parameters) -> Tokens:
    return refresh(domain.pool, client, _required(form, "refresh_token"))


def _by_client_credentials(domain: Domain, client: CognitoIdpUserPoolClient, form: Parameters) -> Tokens:
    _require_flow(client, "client_credentials")
    if not client.generate_secret:
        raise OAuthError("invalid_client")
    allowed = custom_scopes(client.extended_config.get("AllowedOAuthScopes") or [])
    try:
        scopes = choose_scopes(optional(form, "scope"), allowed)
    except InvalidScopeError:
        raise OAuthError("invalid_scope") from None
    return client_credentials(domain.pool, client, scopes)


_GRANTS: dict[str, Callable[[Domain, CognitoIdpUserPoolClient, Parameters], Tokens]] = {
    "authorization_code": _by_code,
    "refresh_token": _by_refresh_token,
    "client_credentials": _by_client_credentials,
}


def _required(form: Parameters, name: str) -> str:
    value = optional(form, name)
    if value is None:
        raise OAuthError("invalid_request", f"{name} is missing")
    return value


def _require_flow(client: CognitoIdpUserPoolClient, flow: str) -> None:
    settings = client.extended_config
    if not settings.get("AllowedOAuthFlowsUserPoolClient") or flow not in (
        settings.get("AllowedOAuthFlows") or []
    ):
        raise OAuthError("unauthorized_client")


def _as_json(tokens: Tokens) -> dict[str, str | int]:
    given = {"id_token": tokens.id_token, "refresh_token": tokens.refresh_token}
    return {
        "access_token": tokens.access_token,
        **{name: value for name, value in given.items() if value is not None},
        "token_type": "Bearer",
        "expires_in": tokens.expires_in,
    }


def _authenticate_client(domain: Domain, request: Request) -> CognitoIdpUserPoolClient:
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


def revoke_token(domain: Domain, request: Request) -> Response:
    """`POST /oauth2/revoke`: a refresh token and its access tokens end; an unknown one is taken alike.

    Raises:
        OAuthError: The client is not known, its tokens cannot be revoked, or this is no refresh token of its.
    """
    client = _authenticate_client(domain, request)
    token = optional(request.form, "token")
    if token is None or client.extended_config.get("EnableTokenRevocation") is False:
        raise OAuthError("invalid_request")
    if token.count(".") == 2:  # a signed token is an access or an ID token
        raise OAuthError("unsupported_token_type")
    try:
        revoke(client.id, client.secret, token)
    except CognitoError:
        raise OAuthError("invalid_request", "the token is another client's") from None
    return Response(status=200)


def user_info(domain: Domain, request: Request) -> Response:
    """`GET /oauth2/userInfo` (and POST): the attributes that the token's scopes stand for, as texts."""
    header = request.authorization
    if header is None or header.type != "bearer" or not header.token:
        return _refuse(400, *_NO_TOKEN)
    try:
        owner = owner_of(header.token, "openid")
    except CognitoError:
        return _refuse(401, *_BAD_TOKEN)
    client = domain.pool.clients.get(owner.claims["client_id"])
    if owner.pool is not domain.pool or client is None:
        return _refuse(401, *_BAD_TOKEN)
    scopes = [scope for scope in owner.claims["scope"].split() if scope != ADMIN_SCOPE]
    return responses.json(readable_texts(owner.user, client, scopes) | {"username": owner.user.username})


def _refuse(status: int, error: str, description: str) -> Response:
    challenge = f'Bearer error="{error}", error_description="{description}"'
    body = {"error": error, "error_description": description}
    return responses.json(body, status, {"WWW-Authenticate": challenge})
