"""The page of the state machines against their definitions."""

from typing import Any

import pytest

from contract.machine_pages import MACHINES, PATH, diagram, inner_machines, text, uses
from contract.rendering import ROOT, SYSTEM


def test_the_page_is_current() -> None:
    assert PATH.read_text(encoding="utf-8") == text(), "run make contract"


def test_every_definition_is_on_it() -> None:
    assert sorted(MACHINES) == sorted(
        path.name.removesuffix(".asl.json.tftpl") for path in SYSTEM.rglob("*.asl.json.tftpl")
    )


def test_no_function_has_the_name_of_a_machine() -> None:
    """The role of each is named like it, and an account has one role of a name."""
    assert not MACHINES.keys() & {path.name for path in (ROOT / "functions").iterdir()}


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_and_every_way_is_drawn(name: str) -> None:
    drawn = [line.strip().partition(":")[0] for line in diagram(MACHINES[name])]

    def check(machine: dict[str, Any]) -> None:
        assert f"[*] --> {machine['StartAt']}" in drawn
        for state_name, state in machine["States"].items():
            rules = [state, *state.get("Choices", []), *state.get("Catch", [])]
            targets = {rule[key] for rule in rules for key in ("Next", "Default") if key in rule}
            for target in targets or {"[*]"}:
                assert f"{state_name} --> {target}" in drawn
            for inner in inner_machines(state):
                assert f"state {state_name} {{" in drawn
                check(inner)

    check(MACHINES[name])


def test_a_part_inside_of_a_map_is_not_the_maps() -> None:
    found = uses()
    assert "import_dragons.ImportLines" in found["Map (DISTRIBUTED)"]
    assert "import_dragons.ReportDragon" in found["Task: `states:startExecution.sync:2`"]
    assert "import_dragons.ImportLines" not in found["`Parameters`"]


@pytest.mark.parametrize(
    "part",
    [
        "Choice",
        "Pass",
        "Wait (`Seconds`)",
        "Wait (`TimestampPath`)",
        "Succeed",
        "Fail (`Error`, `Cause`)",
        "Parallel",
        "Map (DISTRIBUTED)",
        "`Retry` with backoff, jitter and `MaxDelaySeconds`",
        "`Catch` with `ResultPath`",
        "`Parameters`",
        "`ResultSelector`",
        "intrinsic function `States.Format`",
        "JSONata",
    ],
)
def test_every_part_of_the_language_is_in_use(part: str) -> None:
    assert uses()[part]
