"""Who somebody is, for who has their access token: `/oauth2/userInfo`.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/userinfo-endpoint.html
"""

from rolo import Request, Response

from localcloud.cognito_idp.access_tokens import owner_of
from localcloud.cognito_idp.claims import ADMIN_SCOPE, readable_texts
from localcloud.cognito_idp.errors import CognitoError
from localcloud.cognito_idp.hosted_ui import responses
from localcloud.cognito_idp.hosted_ui.domain import Domain

_NO_TOKEN = ("invalid_request", "Bad OAuth2 request at UserInfo Endpoint")
_BAD_TOKEN = (
    "invalid_token",
    "Access token is expired, disabled, or deleted, or the user has globally signed out.",
)


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
