"""An issuer's public keys: fetched over OpenID Connect discovery, kept, and fetched again for a new key.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html (keys are
cached for two hours)
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from localcloud.tokens.discovery import IssuerUnavailableError, discover, get_object

LOG = logging.getLogger(__name__)

MIN_KEY_BITS = 2048
GOOD_FOR_SECONDS = 2 * 60 * 60
REFETCH_SECONDS = 5
"""How long an issuer is left alone after a fetch, successful or not, however many unknown keys are named."""

type Keys = Mapping[str, RSAKey]
"""Keys by their id."""


IN_PROCESS: list[Callable[[str], Mapping[str, Any] | None]] = []
"""What knows the key sets of this cloud's own issuers. Over HTTP they would be asked through the very gateway
whose every thread may hold a request that waits for the keys."""


def fetch_keys(issuer: str) -> Keys:
    """Fetch the RSA keys that an issuer signs with.

    Args:
        issuer: Its URL, exactly as its tokens name it.

    Raises:
        IssuerUnavailableError: Too slow, too large, not JSON, or another issuer's discovery document.
    """
    own = next(filter(None, (find(issuer) for find in IN_PROCESS)), None)
    keys = (own or get_object(discover(issuer).get("jwks_uri"))).get("keys")
    return dict(_usable(keys if isinstance(keys, list) else []))


class KeySource:
    """The keys of every issuer that has been asked for. Safe between threads: many wait for one fetch."""

    def __init__(
        self, fetch: Callable[[str], Keys] = fetch_keys, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._issuers: dict[str, _Issuer] = {}

    def find(self, issuer: str, key_id: str) -> RSAKey | None:
        """The issuer's key of an id; none if it has no such key, or cannot be asked for it now."""
        known = self._issuers.setdefault(issuer, _Issuer())
        if key := known.find(key_id, self._clock()):
            return key
        with known.lock:
            if known.find(key_id, self._clock()) is None and self._clock() >= known.next_fetch:
                self._refresh(issuer, known)
            return known.find(key_id, self._clock())

    def _refresh(self, issuer: str, known: "_Issuer") -> None:
        try:
            known.keys = self._fetch(issuer)
            known.good_until = self._clock() + GOOD_FOR_SECONDS
        except IssuerUnavailableError as error:
            LOG.warning("No keys of the issuer %s: %s", issuer, error)
        finally:
            known.next_fetch = self._clock() + REFETCH_SECONDS


@dataclass
class _Issuer:
    """What is known of one issuer; `lock` is held to write, not to read."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    keys: Keys = field(default_factory=dict)
    good_until: float = float("-inf")
    next_fetch: float = float("-inf")

    def find(self, key_id: str, now: float) -> RSAKey | None:
        return self.keys.get(key_id) if now < self.good_until else None


def _usable(keys: list[Any]) -> Iterator[tuple[str, RSAKey]]:
    """The RSA keys for signatures; what else a key set holds is passed over (RFC 7517, section 5)."""
    for key in keys:
        match key:
            case {"kty": "RSA", "kid": str(key_id)} if key.get("use", "sig") == "sig":
                try:
                    imported = RSAKey.import_key(key)
                except (JoseError, ValueError, TypeError):
                    LOG.warning("Passed over an RSA key that is malformed")
                    continue
                if imported.public_key.key_size >= MIN_KEY_BITS:
                    yield key_id, imported
