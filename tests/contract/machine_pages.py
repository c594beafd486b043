"""The state machines as a page of the docs: a diagram of each, and where each part of the language is in use.

`make contract` writes it; a test compares.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from contract.rendering import (
    ROOT,
    compaction_machine,
    import_machine,
    job_machine,
    state_machine,
    summary_machine,
)

PATH = ROOT / "docs" / "state_machines.md"

MACHINES: dict[str, dict[str, Any]] = {
    "compact_dataset": json.loads(compaction_machine()),
    "import_dragons": json.loads(import_machine()),
    "report_dragon": json.loads(state_machine()),
    "run_job": json.loads(job_machine()),
    "summarise_dragons": json.loads(summary_machine()),
}

_SHOWN = 4
_HEAD = """# State machines

Written by `make contract` out of the definitions in `terraform/system/`. [Workflows](workflows.md) says what
starts them.
"""
_TABLE = """## Where each part of the language is in use

| part | states |
|---|---|
"""


def text() -> str:
    """The page as the file holds it."""
    parts = [_HEAD, *(_section(name, machine) for name, machine in MACHINES.items()), _TABLE]
    rows = (f"| {part} | {_some(states)} |" for part, states in sorted(uses().items()))
    return "\n".join(parts) + "\n".join(rows) + "\n"


def diagram(machine: dict[str, Any]) -> list[str]:
    """A machine's diagram, line by line.

    Args:
        machine: A definition, or the inner one of a Map or of a branch.

    Source: https://mermaid.js.org/syntax/stateDiagram.html
    """
    lines = [f"[*] --> {machine['StartAt']}"]
    for name, state in machine["States"].items():
        if inner := inner_machines(state):
            bodies = [diagram(each) for each in inner]
            divided = [line for body in bodies for line in ["--", *body]][1:]
            lines += [f"state {name} {{", *(f"  {line}" for line in divided), "}"]
        lines += [f"{name} --> {way}" for way in dict.fromkeys(_ways(state))]
    return lines


def uses() -> dict[str, list[str]]:
    """The parts of the language, and the states that use each: `machine.State`."""
    found: dict[str, list[str]] = {}
    for name, machine in MACHINES.items():
        for state_name, state in _states(machine):
            for part in dict.fromkeys(_parts(state, machine)):
                found.setdefault(part, []).append(f"{name}.{state_name}")
    return found


def inner_machines(state: dict[str, Any]) -> list[dict[str, Any]]:
    """The machines inside of a Parallel or a Map."""
    return [*state.get("Branches", []), *([state["ItemProcessor"]] if "ItemProcessor" in state else [])]


def _section(name: str, machine: dict[str, Any]) -> str:
    lines = "\n".join(f"  {line}" for line in diagram(machine))
    return f"## {name}\n\n{machine['Comment']}\n\n```mermaid\nstateDiagram-v2\n{lines}\n```\n"


def _ways(state: dict[str, Any]) -> Iterator[str]:
    for rule in state.get("Choices", []):
        yield rule["Next"]
    if "Default" in state:
        yield f"{state['Default']}: else"
    if "Next" in state:
        yield state["Next"]
    for rule in state.get("Catch", []):
        yield f"{rule['Next']}: {', '.join(rule['ErrorEquals'])}"
    if state.get("End") or state["Type"] in ("Succeed", "Fail"):
        yield "[*]"


def _states(machine: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in machine["States"].items():
        yield name, state
        for inner in inner_machines(state):
            yield from _states(inner)


def _parts(state: dict[str, Any], machine: dict[str, Any]) -> Iterator[str]:
    """What a state uses, but for what is in the machines inside of it."""
    own = {name: value for name, value in state.items() if name not in ("Branches", "ItemProcessor")}
    written = json.dumps(own)
    mode = state.get("ItemProcessor", {}).get("ProcessorConfig", {}).get("Mode")
    resource = state.get("Resource", "").removeprefix("arn:aws:states:::")
    members = ("Seconds", "TimestampPath", "Error", "Cause", "CausePath")
    told = mode or ", ".join(f"`{name}`" for name in members if name in own)
    yield f"Task: `{resource}`" if resource else " ".join(filter(None, [state["Type"], told and f"({told})"]))
    yield from (f"`{name}`" for name in ("Retry", "Catch") if name in own)
    yield from (f"intrinsic function `{name}`" for name in re.findall(r"States\.\w+(?=\()", written))
    if machine.get("QueryLanguage") == "JSONata":
        yield "JSONata"
        return
    names = ("Parameters", "ResultSelector", "ItemSelector", "ItemReader", "ResultWriter", "OutputPath")
    yield from (f"`{name}`" for name in (*names, "HeartbeatSeconds") if name in own)
    if "ResultPath" in own:
        yield "`ResultPath`" if own["ResultPath"] else "`ResultPath: null`"
    if any(rule.get("ResultPath") for rule in own.get("Catch", [])):
        yield "`Catch` with `ResultPath`"
    spread = {"BackoffRate", "JitterStrategy", "MaxDelaySeconds"}
    if any(spread <= rule.keys() for rule in own.get("Retry", [])):
        yield "`Retry` with backoff, jitter and `MaxDelaySeconds`"
    if "$$." in written:
        yield "the context object (`$$`)"


def _some(states: list[str]) -> str:
    shown = ", ".join(f"`{state}`" for state in states[:_SHOWN])
    return shown if len(states) <= _SHOWN else f"{shown} and {len(states) - _SHOWN} more"
