"""The identities of identity pools, and their logins.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/identity-pools.html

Left out: merging identities, developer identities.
"""

import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from localcloud.cognito_idp.errors import CognitoError, not_authorized


@dataclass
class Identity:
    """One identity.

    Attributes:
        identity_id: `<region>:<uuid>`.
        logins: Its subject with each provider that it has signed in with; a guest has none.
    """

    identity_id: str
    pool_id: str
    logins: dict[str, str] = field(default_factory=dict)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    modified: datetime = field(default_factory=lambda: datetime.now(UTC))

    def has_any(self, logins: Mapping[str, str]) -> bool:
        """Whether one of the logins is this identity's."""
        return bool(self.logins.items() & logins.items())


class Identities:
    """The identities of every pool. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, Identity] = {}

    def require(self, identity_id: str) -> Identity:
        """The identity of an id.

        Raises:
            CognitoError: ResourceNotFoundException.
        """
        if (identity := self._known.get(identity_id)) is None:
            raise CognitoError("ResourceNotFoundException", f"Identity '{identity_id}' not found.")
        return identity

    def of_logins(self, pool_id: str, logins: Mapping[str, str]) -> Identity:
        """The identity of some logins, made if there is none; without logins a guest's, always a new one.

        Raises:
            CognitoError: ResourceConflictException; they are of several identities.
        """
        with self._lock:
            owners = self._owners(pool_id, logins)
            if len(owners) > 1:
                raise _linked_elsewhere()
            region = pool_id.partition(":")[0]
            identity = owners[0] if owners else Identity(f"{region}:{uuid.uuid4()}", pool_id)
            self._known[identity.identity_id] = identity
            _link(identity, logins)
            return identity

    def sign_in(self, identity: Identity, logins: Mapping[str, str]) -> None:
        """Let an identity use logins: one of them is its own, or it was a guest and they are unused.

        Raises:
            CognitoError: NotAuthorizedException or ResourceConflictException.
        """
        with self._lock:
            if identity.logins and not identity.has_any(logins):
                raise not_authorized(
                    "Logins don't match. Please include at least one valid login for this identity or "
                    "identity pool."
                )
            if any(owner is not identity for owner in self._owners(identity.pool_id, logins)):
                raise _linked_elsewhere()
            _link(identity, logins)

    def of_pool(self, pool_id: str) -> list[Identity]:
        """A pool's identities."""
        return [identity for identity in list(self._known.values()) if identity.pool_id == pool_id]

    def forget_pool(self, pool_id: str) -> None:
        """Forget a pool's identities."""
        with self._lock:
            for identity in self.of_pool(pool_id):
                del self._known[identity.identity_id]

    def _owners(self, pool_id: str, logins: Mapping[str, str]) -> list[Identity]:
        return [identity for identity in self.of_pool(pool_id) if identity.has_any(logins)]


IDENTITIES = Identities()
"""The local cloud's."""


def _link(identity: Identity, logins: Mapping[str, str]) -> None:
    if not logins.items() <= identity.logins.items():
        identity.logins.update(logins)
        identity.modified = datetime.now(UTC)


def _linked_elsewhere() -> CognitoError:
    return CognitoError("ResourceConflictException", "Logins are already linked to another account.")
