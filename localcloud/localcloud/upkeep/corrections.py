"""The garbage collector does not look again at what LocalStack loads for good.

A service that is used for the first time loads models of hundreds of thousands of objects, which a full
collection would go through each time, with every thread standing still.
"""

import gc
import time
from typing import Any

_FULL = 2  # the oldest generation
_STARTING_SECONDS = 300
"""How long services are taken to be still loading."""


def freeze_what_is_loaded() -> None:
    """Freeze what survives a full collection in the first minutes: it is taken to stay."""
    until = time.monotonic() + _STARTING_SECONDS

    def after_collection(phase: str, details: dict[str, Any]) -> None:
        if time.monotonic() > until:
            gc.callbacks.remove(after_collection)
        elif phase == "stop" and details["generation"] == _FULL:
            gc.freeze()

    gc.collect()
    gc.freeze()
    gc.callbacks.append(after_collection)
