"""A report that every test may send, the README's, and phone numbers to be told at."""

import json
from pathlib import Path
from random import randint
from typing import Any

REPORT: dict[str, Any] = json.loads((Path(__file__).parents[1] / "fixtures/report.json").read_text("utf-8"))


def a_number() -> str:
    """A phone number that hardly another test uses."""
    return f"+1555{randint(1_000_000, 9_999_999)}"
