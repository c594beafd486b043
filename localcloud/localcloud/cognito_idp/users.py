"""Users as moto keeps them: found by any of their names, read as tokens and triggers show them."""

from collections.abc import Iterable
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool, UserStatus

from localcloud.cognito_idp.errors import not_authorized

EXTERNAL = "EXTERNAL_PROVIDER"
"""The status of users whom another identity provider signs in; moto has no name for it."""


def find_user(pool: CognitoIdpUserPool, username: str) -> CognitoIdpUser | None:
    """The user of a username, a `sub`, or an address or number, where the pool takes them for usernames.

    Cases do not matter, unless the pool says so. Whoever comes from another identity provider is known by the
    username alone: the address is not theirs to sign in with here, and leaves it free for somebody who does.

    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-case-sensitivity.html
    """
    fold = _fold(pool)
    wanted = fold(username)
    aliases = [*(pool.extended_config.get("UsernameAttributes") or [])]
    aliases += pool.extended_config.get("AliasAttributes") or []
    for user in list(pool.users.values()):
        own = [] if status_of(user) == EXTERNAL else aliases
        names = [user.username, user.id, *(user.attribute_lookup.get(alias, "") for alias in own)]
        if wanted and wanted in map(fold, names):
            return user
    return None


def attributes_of(user: CognitoIdpUser) -> dict[str, str]:
    """The user's attributes, `sub` among them."""
    return {"sub": user.id, **user.attribute_lookup}


def set_attributes(user: CognitoIdpUser, attributes: dict[str, str]) -> None:
    """Change some of the user's attributes."""
    user.update_attributes([{"Name": name, "Value": value} for name, value in attributes.items()])


def require_writable(names: Iterable[str]) -> None:
    """Raise NotAuthorizedException for what nobody may write of themselves: that an address is theirs, say.

    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
    """
    if not {"sub", "identities", "email_verified", "phone_number_verified"}.isdisjoint(names):
        raise not_authorized("A client attempted to write unauthorized attribute")


def groups_of(user: CognitoIdpUser) -> list[str]:
    """The names of the user's groups, the one of the lowest precedence number first.

    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-user-groups.html
    """

    def rank(group: Any) -> tuple[float, str]:
        precedence = float("inf") if group.precedence is None else group.precedence
        return precedence, group.group_name

    return [group.group_name for group in sorted(user.groups, key=rank)]


def status_of(user: CognitoIdpUser) -> str:
    """The user's status, such as CONFIRMED."""
    return str(user.status.value if isinstance(user.status, UserStatus) else user.status)


def _fold(pool: CognitoIdpUserPool) -> Any:
    configured = pool.extended_config.get("UsernameConfiguration") or {}
    return str if configured.get("CaseSensitive") else str.casefold
