"""The order of turns: everyone once a round, and another one first in each."""

from collections.abc import Sequence


def rotated[Subject](subjects: Sequence[Subject], number: int) -> list[Subject]:
    """The subjects in the order of a round.

    Args:
        subjects: All of them; may be empty.
        number: The round's, from 0.
    """
    first = number % len(subjects) if subjects else 0
    return [*subjects[first:], *subjects[:first]]
