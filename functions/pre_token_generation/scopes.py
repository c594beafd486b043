"""Which scopes of the API a user's groups grant."""

from collections.abc import Iterable

PREFIX = "dragons/"
EVERYBODY = frozenset({"dragons/read"})
GRANTS = {
    "reporters": frozenset({"dragons/report"}),
    "reviewers": frozenset({"dragons/report", "dragons/review"}),
}


def granted(groups: Iterable[str]) -> frozenset[str]:
    """The scopes of a user who is in these groups; groups of others grant nothing."""
    return EVERYBODY.union(*(GRANTS.get(group, frozenset()) for group in groups))


def changes(groups: Iterable[str], requested: Iterable[str]) -> dict[str, list[str]]:
    """How an access token's scopes have to change, so that those of the API are those that are granted.

    An app may ask the hosted UI for any scope of its client, whoever signs in; a password sign-in asks for
    none of them.

    Args:
        groups: The user's groups.
        requested: The scopes that the token would have.

    Returns:
        `scopesToAdd` and `scopesToSuppress`, in order; scopes of others are left alone.
    """
    wanted, present = granted(groups), frozenset(requested)
    excess = {scope for scope in present - wanted if scope.startswith(PREFIX)}
    return {"scopesToAdd": sorted(wanted - present), "scopesToSuppress": sorted(excess)}
