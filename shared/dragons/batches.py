"""Batches that AWS takes in one request, of which it may refuse single entries."""

from collections.abc import Callable, Iterable, Iterator

ENTRIES = 10
"""How many entries a request takes at most, of EventBridge and of SQS."""
SIZE = 250_000
"""How many bytes of text a request has at most: EventBridge takes 256 KiB of all that its entries say."""


class NotAcceptedError(Exception):
    """AWS did not accept an entry; the message has its error.

    Attributes:
        position: Which of the entries, counted from 0; those before it were accepted.
    """

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(reason)
        self.position = position


def batches[E](entries: Iterable[E], text: Callable[[E], str]) -> Iterator[list[E]]:
    """Cut entries, in order, into what a request takes; one that is too large goes alone, to be refused.

    Args:
        entries: What is sent.
        text: Reads an entry's text, which is ASCII: its characters are bytes.
    """
    batch: list[E] = []
    size = 0
    for entry in entries:
        own = len(text(entry))
        if batch and (len(batch) == ENTRIES or size + own > SIZE):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += own
    if batch:
        yield batch
