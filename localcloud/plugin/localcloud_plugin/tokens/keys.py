"""An issuer's public keys: fetched over OpenID Connect discovery, kept, and fetched again for a new key.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html (keys are
cached for two hours), https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html (the
limits of time and size) and https://openid.net/specs/openid-connect-discovery-1_0.html

Left out: the issuer may answer over plain HTTP (AWS wants HTTPS); the answers' cache headers are not read.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

LOG = logging.getLogger(__name__)

TIMEOUT_SECONDS = 1.5
MAX_BYTES = 150_000
MIN_KEY_BITS = 2048
GOOD_FOR_SECONDS = 2 * 60 * 60
REFETCH_SECONDS = 5
"""How long an issuer is left alone after a fetch, successful or not, however many unknown keys are named."""

type Keys = Mapping[str, RSAKey]
"""Keys by their id."""


class KeysUnavailableError(Exception):
    """The issuer did not answer, or not with its keys; the message says which."""


def fetch_keys(issuer: str) -> Keys:
    """Fetch the RSA keys that an issuer signs with.

    Args:
        issuer: its URL, exactly as its tokens name it.

    Raises:
        KeysUnavailableError: too slow, too large, not JSON, or another issuer's discovery document.
    """
    document = _get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if document.get("issuer") != issuer:
        raise KeysUnavailableError("the discovery document names another issuer")
    keys = _get(document.get("jwks_uri")).get("keys")
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
        except KeysUnavailableError as error:
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


def _get(url: Any) -> dict[str, Any]:
    """Get a JSON object, within the limits of time and size as a whole."""
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise KeysUnavailableError("jwks_uri is not a web address")
    deadline = time.monotonic() + TIMEOUT_SECONDS
    body = bytearray()
    try:
        with requests.get(url, timeout=TIMEOUT_SECONDS, stream=True, allow_redirects=False) as answer:
            if answer.status_code != 200:
                raise KeysUnavailableError(f"{url} answered {answer.status_code}")
            for chunk in answer.iter_content(8192):
                body += chunk
                if len(body) > MAX_BYTES or time.monotonic() > deadline:
                    raise KeysUnavailableError(f"{url} sends too much, or too slowly")
        document = json.loads(body)
    except (requests.RequestException, ValueError, RecursionError) as error:
        raise KeysUnavailableError(f"{url}: {type(error).__name__}") from error
    if not isinstance(document, dict):
        raise KeysUnavailableError(f"{url} is not a JSON object")
    return document


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
