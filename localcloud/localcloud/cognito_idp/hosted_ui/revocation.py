"""Ending a session by its refresh token: `/oauth2/revoke`.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/revocation-endpoint.html and RFC 7009.
"""

from rolo import Request, Response

from localcloud.cognito_idp.account import revoke
from localcloud.cognito_idp.errors import CognitoError
from localcloud.cognito_idp.hosted_ui.client_authentication import authenticate_client
from localcloud.cognito_idp.hosted_ui.domain import Domain
from localcloud.cognito_idp.hosted_ui.errors import OAuthError
from localcloud.cognito_idp.hosted_ui.parameters import optional


def revoke_token(domain: Domain, request: Request) -> Response:
    """`POST /oauth2/revoke`: the refresh token and its access tokens; a token of nobody's is answered alike.

    Raises:
        OAuthError: The client is not known, its tokens cannot be revoked, or this is no refresh token of its.
    """
    client = authenticate_client(domain, request)
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
