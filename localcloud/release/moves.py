"""Where the aliases of all functions go, decided for all of them at once; nothing here calls AWS."""

from collections.abc import Mapping
from dataclasses import dataclass, replace


class ReleaseError(Exception):
    """Aliases that cannot be moved; the message says which, and what to do."""


@dataclass(frozen=True)
class Aliases:
    """Where a function's aliases stand.

    Attributes:
        live: The version that callers get.
        canary: The version that a canary's share of the calls gets; live's own while there is no canary.
        previous: The version that was live before the last release; none if that is not known. It is noted
            for every function at every release, the unchanged ones too, so that a rollback finds the
            versions that served together.
    """

    live: int
    canary: int
    previous: int | None = None


Release = Mapping[str, Aliases]
"""The aliases of every function, by its name."""


def deploy(now: Release, newest: Mapping[str, int], canary_percent: float) -> Release:
    """Send the canary to the newest versions, and live with it if there is to be no canary."""
    tried = {name: replace(each, canary=newest[name]) for name, each in now.items()}
    return _go_live(tried) if canary_percent == 0 and _has_canary(tried) else tried


def promote(now: Release) -> Release:
    """Send live where the canary is.

    Raises:
        ReleaseError: There is no canary.
    """
    if not _has_canary(now):
        raise ReleaseError("nothing to promote: in every function, live is the canary's version already")
    return _go_live(now)


def rollback(now: Release) -> Release:
    """Take the canary back; if there is none, go back to the versions that were live before.

    A function that came with the last release has no version before, and stays.

    Raises:
        ReleaseError: There is no canary, and no function has a version to go back to.
    """
    if _has_canary(now):
        return {name: replace(each, canary=each.live) for name, each in now.items()}
    before = {name: each.previous or each.live for name, each in now.items()}
    if before == {name: each.live for name, each in now.items()}:
        raise ReleaseError("nothing to roll back to: there is no canary, and no release before this one")
    return {name: Aliases(version, version) for name, version in before.items()}


def _has_canary(now: Release) -> bool:
    return any(each.canary != each.live for each in now.values())


def _go_live(now: Release) -> Release:
    return {name: Aliases(each.canary, each.canary, each.live) for name, each in now.items()}
