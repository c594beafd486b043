"""The scopes that a client asks for, and those that it may have.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html
and RFC 6749, section 3.3 (the grammar).
"""

import re
from collections.abc import Iterable

_SCOPES = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*")
_WITH_OPENID = frozenset({"email", "phone", "profile"})


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
