"""The end-to-end tests that an environment's values leave out, each with its reason."""

import xml.etree.ElementTree as ET
from pathlib import Path

from tasks.environment.paths import ROOT
from tasks.processes.steps import StepError

KNOWN = ROOT / "tests" / "e2e" / "skipped_in_rehearsals.txt"
"""Lines `<reason>: <how many at most>`."""


def require_known(report: Path, name: str) -> None:
    """Make sure that no test was skipped for a reason that is not known.

    Args:
        report: pytest's, as JUnit's XML.
        name: The environment's.

    Raises:
        StepError: One was, or more were than are known.
    """
    found: dict[str, int] = {}
    for skipped in ET.parse(report).iter("skipped"):  # noqa: S314 - pytest wrote it
        reason = skipped.get("message", "")
        found[reason] = found.get(reason, 0) + 1
    unknown = [f"{count} {reason}" for reason, count in found.items() if count > _known().get(reason, 0)]
    if unknown:
        raise StepError(
            f"more tests are skipped with the values of {name} than {KNOWN.relative_to(ROOT)} knows",
            "run them, or say there why not",
            "\n".join(unknown),
        )


def _known() -> dict[str, int]:
    lines = [line for line in KNOWN.read_text().splitlines() if line and not line.startswith("#")]
    return {reason.strip(): int(count) for reason, _, count in (line.rpartition(":") for line in lines)}
