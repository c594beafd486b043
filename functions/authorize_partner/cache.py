"""Partners looked up a moment ago."""

import time
from collections.abc import Callable

from authorize_partner.authorize import Partners

LIFETIME_SECONDS = 60.0
SIZE = 1000


class CachedPartners:
    """Keeps what a lookup found for a minute, by the token's hash.

    Unknown tokens are not kept: made-up ones could push the partners' own out.

    Args:
        partners: Where to look otherwise.
        clock: Seconds that never go back.
    """

    def __init__(self, partners: Partners, clock: Callable[[], float] = time.monotonic) -> None:
        self._partners = partners
        self._clock = clock
        self._kept: dict[str, tuple[str, float]] = {}

    def partner_of(self, token_sha256: str) -> str | None:
        """The name of the partner that a token was given to; up to a minute old."""
        now = self._clock()
        partner, expires = self._kept.get(token_sha256, ("", now))
        if now < expires:
            return partner
        return self._look_up(token_sha256, now + LIFETIME_SECONDS)

    def _look_up(self, token_sha256: str, expires: float) -> str | None:
        self._kept.pop(token_sha256, None)
        partner = self._partners.partner_of(token_sha256)
        if partner is not None:
            if len(self._kept) >= SIZE:
                del self._kept[next(iter(self._kept))]  # the one kept longest
            self._kept[token_sha256] = (partner, expires)
        return partner
