"""The table of plans is the same where it is read first and where it is carried out."""

import re

from contract.rendering import ROOT
from list_dragons import planner


def table(text: str) -> list[str]:
    """The table that begins with what is asked."""
    [found] = re.findall(r"(?m)^\| asked \| plan \|.*\n(?:\|.*\n)+", text)
    return str(found).splitlines()


def test_the_plans_are_documented_as_they_are() -> None:
    told = table((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))
    assert planner.__doc__ is not None
    assert told == table(planner.__doc__)
    assert len(told) == 8
