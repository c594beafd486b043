"""Tries a version before it serves, with an event that changes nothing.

`tests/fixtures/events/smoke/<function>.json` has the `event` and, where a refusal is what is expected, its
`error`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.code.invocation import Invocation, invoke
from tasks.environment.paths import ROOT
from tasks.processes.steps import StepError

EVENTS = ROOT / "tests" / "fixtures" / "events" / "smoke"


@dataclass(frozen=True)
class SmokeTest:
    """An event, and what it is to come to.

    Attributes:
        path: Where it is written.
        event: What the function gets.
        error: The message of the error that is expected; empty for none.
    """

    path: Path
    event: Any
    error: str

    @classmethod
    def of(cls, function: str) -> "SmokeTest":
        """Read a function's.

        Raises:
            StepError: There is none, or it is none.
        """
        path = EVENTS / f"{function}.json"
        where = path.relative_to(ROOT)
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            return cls(where, found["event"], found.get("error", ""))
        except FileNotFoundError as error:
            remedy = 'write {"event": ...}: an event that the function takes, and that changes nothing'
            raise StepError(f"{where} is missing", remedy) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StepError(f'{where} is not {{"event": ...}}', "correct it") from error

    def run(self, client: Any, function: str, version: int) -> None:
        """Invoke a version.

        Raises:
            StepError: It came to something else; with the result and the log.
        """
        tried = invoke(client, function, json.dumps(self.event).encode(), str(version))
        if not self.is_as_expected(tried):
            detail = f"{json.dumps(tried.result, indent=2)}\n{tried.log}"
            raise StepError(f"the new code fails with {self.path}", "correct it, and deploy again", detail)

    def is_as_expected(self, tried: Invocation) -> bool:
        """Whether an invocation came to what it was to come to."""
        if not self.error:
            return not tried.failed
        return (
            tried.failed and isinstance(tried.result, dict) and tried.result.get("errorMessage") == self.error
        )
