"""A client's request that somebody sign in, checked: where its response may go, and what it may ask for.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html,
.../cognito-user-pools-define-resource-servers.html (scopes), .../using-pkce-in-authorization-code.html and,
where they are silent, RFC 6749 and RFC 7636.

Left out: the implicit grant (`response_type=token` is refused as for a client that may not use it), `prompt`
but for `none` and `login`, `lang` and `resource`.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NoReturn

from joserfc.util import urlsafe_b64encode
from moto.cognitoidp.models import CognitoIdpUserPool, CognitoIdpUserPoolClient

from localcloud.cognito_idp.hosted_ui.identity_providers import (
    COGNITO,
    find_provider,
    name_of_identifier,
    supported,
)
from localcloud.cognito_idp.hosted_ui.parameters import (
    Parameters,
    RepeatedParameterError,
    as_query,
    optional,
)
from localcloud.cognito_idp.hosted_ui.responses import AuthorizationError, UntrustedRequestError

type _Refuse = Callable[..., NoReturn]
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_SCOPES = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*")
_WITH_OPENID = frozenset({"email", "phone", "profile"})


@dataclass(frozen=True)
class AuthorizationRequest:
    """A request whose client and `redirect_uri` belong together.

    Attributes:
        scopes: What is asked for, all of which the client may have.
        challenge: The S256 challenge, if the client uses PKCE.
        provider: The identity provider that has to sign the person in; none for any of the client's.
        prompt: Whether the person must not be asked (`none`), or has to be (`login`).
        query: The request as a query string, for the pages in between.
    """

    pool: CognitoIdpUserPool
    client: CognitoIdpUserPoolClient
    redirect_uri: str
    state: str | None
    nonce: str | None
    scopes: tuple[str, ...]
    challenge: str | None
    provider: str | None
    prompt: str | None
    query: str

    def accepts(self, provider: str) -> bool:
        """Whether who was signed in by an identity provider is signed in for this request."""
        return provider in supported(self.client) and self.provider in (None, provider)

    def error(self, code: str, description: str = "") -> AuthorizationError:
        """An error for the client."""
        return AuthorizationError(self.redirect_uri, self.state, code, description)


def read_request(pool: CognitoIdpUserPool, parameters: Parameters) -> AuthorizationRequest:
    """Read the parameters of an authorization request.

    Raises:
        UntrustedRequestError: The client is unknown, does not use the hosted UI, or the address is not its.
        AuthorizationError: Anything else; it goes back to the client.
    """
    client, redirect_uri = read_client(pool, parameters)
    states = parameters.getlist("state")
    state = states[0] if len(states) == 1 and states[0] else None

    def refuse(code: str, description: str = "") -> NoReturn:
        raise AuthorizationError(redirect_uri, state, code, description)

    try:
        given = {name: optional(parameters, name) for name in parameters}
    except RepeatedParameterError:
        refuse("invalid_request", "a parameter is repeated")
    _check_response_type(client, given.get("response_type"), refuse)
    try:
        scopes = choose_scopes(given.get("scope"), client.extended_config.get("AllowedOAuthScopes") or [])
    except InvalidScopeError:
        refuse("invalid_scope")
    return AuthorizationRequest(
        pool,
        client,
        redirect_uri,
        state,
        given.get("nonce"),
        scopes,
        _challenge(given.get("code_challenge"), given.get("code_challenge_method"), refuse),
        _provider(pool, client, given.get("identity_provider"), given.get("idp_identifier"), refuse),
        given.get("prompt"),
        as_query(parameters),
    )


def read_client(pool: CognitoIdpUserPool, parameters: Parameters) -> tuple[CognitoIdpUserPoolClient, str]:
    """The client of a request, and the callback URL it names, which is its own character for character.

    Raises:
        UntrustedRequestError: One of them is missing or wrong.
    """
    try:
        client_id = optional(parameters, "client_id")
        redirect_uri = optional(parameters, "redirect_uri")
    except RepeatedParameterError:
        raise UntrustedRequestError("client_id and redirect_uri must be given once.") from None
    client = pool.clients.get(client_id or "")
    if client is None:
        raise UntrustedRequestError("There is no such app client (client_id).")
    if not client.extended_config.get("AllowedOAuthFlowsUserPoolClient") or not supported(client):
        raise UntrustedRequestError("This app client does not use the hosted UI.")
    if redirect_uri is None or redirect_uri not in (client.extended_config.get("CallbackURLs") or []):
        raise UntrustedRequestError("redirect_uri must be one of the app client's callback URLs.")
    return client, redirect_uri


def _check_response_type(client: CognitoIdpUserPoolClient, wanted: str | None, refuse: _Refuse) -> None:
    if wanted not in ("code", "token"):
        refuse("invalid_request", "response_type must be code")
    if wanted == "token" or "code" not in (client.extended_config.get("AllowedOAuthFlows") or []):
        refuse("unauthorized_client")


def _challenge(challenge: str | None, method: str | None, refuse: _Refuse) -> str | None:
    if (challenge is None) != (method is None):
        refuse("invalid_request", "code_challenge and code_challenge_method belong together")
    if challenge is not None and (method != "S256" or not is_challenge(challenge)):
        refuse("invalid_request", "code_challenge must be an S256 challenge")
    return challenge


def _provider(
    pool: CognitoIdpUserPool,
    client: CognitoIdpUserPoolClient,
    name: str | None,
    identifier: str | None,
    refuse: _Refuse,
) -> str | None:
    if name is None and identifier is None:
        return None
    name = name or name_of_identifier(pool, identifier or "")
    if name not in supported(client) or (name != COGNITO and find_provider(pool, name or "") is None):
        refuse("invalid_request", "the app client has no such identity provider")
    return name


def is_challenge(text: str) -> bool:
    """Whether a text can be an S256 challenge."""
    return _CHALLENGE.fullmatch(text) is not None


def proves(verifier: str | None, challenge: str | None) -> bool:
    """Whether a verifier is the one behind a challenge.

    Where there was no challenge there must be no verifier: somebody may have taken the challenge away.
    """
    if verifier is None or challenge is None:
        return verifier is challenge
    if not _VERIFIER.fullmatch(verifier):
        return False
    digest = urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest())
    return hmac.compare_digest(digest, challenge.encode("ascii"))


class InvalidScopeError(ValueError):
    """The scopes are malformed, or not all of them may be asked for."""


def choose_scopes(asked: str | None, allowed: Iterable[str]) -> tuple[str, ...]:
    """The scopes that a request is for: those that it names, or everything that is allowed.

    Args:
        asked: The `scope` parameter; none where there is none.
        allowed: What the client may have.

    Returns:
        The scopes in the order of the request, none twice.

    Raises:
        InvalidScopeError: Malformed, not allowed, or one of `email`, `phone` and `profile` without `openid`.
    """
    may_have = dict.fromkeys(allowed)
    if asked is None:
        return tuple(may_have)
    if not _SCOPES.fullmatch(asked):
        raise InvalidScopeError
    scopes = dict.fromkeys(asked.split(" "))
    lonely = "openid" not in scopes and not _WITH_OPENID.isdisjoint(scopes)
    if lonely or not scopes.keys() <= may_have.keys():
        raise InvalidScopeError
    return tuple(scopes)


def custom_scopes(scopes: Iterable[str]) -> tuple[str, ...]:
    """Those of resource servers, which alone a client may have for itself."""
    return tuple(scope for scope in scopes if "/" in scope)
