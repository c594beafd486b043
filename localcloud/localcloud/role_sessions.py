"""One session a role: LocalStack assumes it anew for every task and delivery, and makes a client for it.

It keeps its clients by their credentials, so a session that is used again brings its client along.

Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html: a session lasts an hour where
nothing else is asked for, and nobody here asks for anything else.
"""

import time
from functools import lru_cache
from typing import Any

from localstack.aws.connect import ClientFactory

_SECONDS = 1800
"""How long a session is used: half its life, so that none expires in a task's hands."""

_SESSIONS = 256


def apply() -> None:
    """Put a cache before what assumes roles; a role that cannot be assumed is tried anew each time."""
    factories: Any = ClientFactory
    assume = factories.with_assumed_role

    @lru_cache(maxsize=_SESSIONS)
    def kept(_period: float, factory: ClientFactory, options: frozenset[tuple[str, Any]]) -> Any:
        return assume(factory, **dict(options))

    def with_assumed_role(factory: ClientFactory, **options: Any) -> Any:
        return kept(time.monotonic() // _SECONDS, factory, frozenset(options.items()))

    factories.with_assumed_role = with_assumed_role
