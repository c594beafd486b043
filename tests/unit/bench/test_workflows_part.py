"""The machines that an import is measured beside."""

import json
from typing import Any

import pytest

from bench.workflows_part import without_tasks
from contract.machine_pages import MACHINES

RESULTS = {"ReadImport": {"reports": 1}, "FindFamily": {"dragons": 1}}


@pytest.mark.parametrize("name", ["import_dragons", "report_dragon"])
def test_each_task_is_a_pass_and_all_else_is_as_it_was(name: str) -> None:
    before = MACHINES[name]
    passing = without_tasks(before, RESULTS)
    assert '"Task"' in json.dumps(before)
    assert '"Task"' not in json.dumps(passing)

    def compare(ours: dict[str, Any], others: dict[str, Any]) -> None:
        assert ours["States"].keys() == others["States"].keys()
        for state_name, state in ours["States"].items():
            other = others["States"][state_name]
            if "ItemProcessor" in state:
                compare(state["ItemProcessor"], other["ItemProcessor"])
            elif state["Type"] == "Task":
                put = {"Result": RESULTS[state_name]} if state_name in RESULTS else {}
                path = state["ResultPath"] if put else None
                following = {key: state[key] for key in ("Next", "End") if key in state}
                assert other == {"Type": "Pass", "ResultPath": path} | put | following
            else:
                assert other == state

    compare(before, passing)
