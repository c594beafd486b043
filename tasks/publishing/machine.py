"""The state machine's definition as the site draws it: its states, and the ways between them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_BARE = re.compile(r"(:\s*)\$\{\w+\}")
_CONDITION = re.compile(r"^(\s*)\$\{\w+\}(?=\{)", re.MULTILINE)


def drawn(template: Path) -> dict[str, Any]:
    """Read a definition's template: what Terraform fills in does not change the picture.

    Args:
        template: A machine without machines inside of it.

    Returns:
        `start`, `states` by name with `ends`, and `ways`: `from`, `to` and whether it is taken on an `error`.
    """
    text = template.read_text(encoding="utf-8")
    machine = json.loads(_CONDITION.sub(r"\1", _BARE.sub(r"\g<1>0", text)))
    states: dict[str, dict[str, Any]] = machine["States"]
    ways = [
        {"from": name, "to": target, "error": error}
        for name, state in states.items()
        for target, error in dict.fromkeys(_ways(state))
    ]
    return {
        "start": machine["StartAt"],
        "states": {
            name: {"ends": bool(state.get("End")) or state["Type"] in ("Succeed", "Fail")}
            for name, state in states.items()
        },
        "ways": ways,
    }


def _ways(state: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    followed = [*(rule["Next"] for rule in state.get("Choices", [])), state.get("Default"), state.get("Next")]
    yield from ((target, False) for target in followed if target)
    yield from ((rule["Next"], True) for rule in state.get("Catch", []) if rule["Next"] not in followed)
