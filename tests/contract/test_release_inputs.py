"""A release is another one as soon as a function or a state machine can be: what makes them names it."""

import re
from pathlib import Path

DRAGONS = Path(__file__).parents[2] / "terraform" / "system"
NOT_IN_A_VERSION = {
    "edge",
    "log_retention_days",
    "provisioned_concurrency",
    "repository_root",
    "reserved_concurrency",
}
"""Inputs that publish no version: the log group's, the function's own, the distribution's, or by digests."""

NOT_IN_A_DEFINITION = {"dataset_history_days", "query_engine"}
"""Inputs of the rooms of state machines that their definitions do not have."""


def test_every_input_that_reaches_a_function_makes_another_release() -> None:
    trigger = releases_trigger()
    reaching = set(re.findall(r"\bvar\.(\w+)", (DRAGONS / "functions.tf").read_text()))
    assert reaching - NOT_IN_A_VERSION <= set(re.findall(r"\bvar\.(\w+)", trigger))
    assert '"functions.tf"' in trigger


def test_every_input_that_reaches_a_state_machine_makes_another_release() -> None:
    trigger, main = releases_trigger(), (DRAGONS / "main.tf").read_text()
    rooms = {path.parent.name for path in DRAGONS.glob("*/*.asl.json.tftpl")}
    blocks = {room: re.findall(rf'source *= "\./{room}"\n.*?\n}}\n', main, re.S) for room in rooms}
    assert all(len(found) == 1 for found in blocks.values())
    reaching = {name for found in blocks.values() for name in re.findall(r"\bvar\.(\w+)", found[0])}
    assert reaching - NOT_IN_A_DEFINITION <= set(re.findall(r"\bvar\.(\w+)", trigger))
    assert "local.machine_files" in trigger


def test_no_data_of_a_room_waits_for_a_release() -> None:
    """Data with a condition is read after whatever its arguments come from, as the context comes from it."""
    data = re.compile(r'^data "(\w+)" "(\w+)" \{\n(.*?)^\}', re.DOTALL | re.MULTILINE)
    found = [block for path in DRAGONS.glob("*/*.tf") for block in data.findall(path.read_text())]
    assert "aws_ssm_parameters_by_path" in {kind for kind, _, _ in found}
    assert [name for _, name, body in found if re.search(r"\b(pre|post)condition \{", body)] == []


def releases_trigger() -> str:
    """What makes another release, as Terraform's text."""
    [trigger] = re.findall(r"triggers_replace = .*?\n  \]\)\)", (DRAGONS / "releases.tf").read_text(), re.S)
    return str(trigger)


def test_functions_are_in_the_file_that_makes_another_release() -> None:
    elsewhere = [
        path.name
        for path in DRAGONS.glob("*.tf")
        if re.search(r'source\s*=\s*"../modules/function"', path.read_text()) and path.name != "functions.tf"
    ]
    assert elsewhere == []
