"""Tokens for a code, for a refresh token, or for an app itself: `/oauth2/token`.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html and
.../federation-endpoints-oauth-grants.html

Left out: `aws_client_metadata`. The pre token generation trigger runs at the exchange of a code.
"""

from collections.abc import Callable

from moto.cognitoidp.models import CognitoIdpUserPoolClient
from rolo import Request, Response

from localcloud.cognito_idp.errors import CognitoError
from localcloud.cognito_idp.hosted_ui import responses
from localcloud.cognito_idp.hosted_ui.authorization_codes import CODES
from localcloud.cognito_idp.hosted_ui.client_authentication import authenticate_client
from localcloud.cognito_idp.hosted_ui.domain import Domain
from localcloud.cognito_idp.hosted_ui.errors import OAuthError
from localcloud.cognito_idp.hosted_ui.parameters import Parameters, optional
from localcloud.cognito_idp.hosted_ui.scopes import InvalidScopeError, choose_scopes, custom_scopes
from localcloud.cognito_idp.tokens import HOSTED, Grant, Tokens, client_credentials, issue, refresh
from localcloud.cognito_idp.users import find_user


def token(domain: Domain, request: Request) -> Response:
    """`POST /oauth2/token`.

    Raises:
        OAuthError: The client is not known, the grant is not good, or makes no sense.
    """
    if request.mimetype != "application/x-www-form-urlencoded":
        raise OAuthError("invalid_request", "the body must be application/x-www-form-urlencoded")
    client = authenticate_client(domain, request)
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
