"""The part `workflows`: imports and nested reports, beside the same machines with a Pass for each task.

In the end, an import while functions are killed.
"""

import json
import statistics
import time
import uuid
from collections import Counter
from collections.abc import Callable, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.clients import clients
from bench.report import machine, publish
from bench.table import table
from support import soak
from support.imports import Imports, as_csv
from tasks.environment import terraform
from tasks.environment.bring_up import bring_up
from tasks.environment.cloud import Cloud, free_port
from tasks.processes.alone import alone
from tasks.processes.steps import StepError, step

LINES = 2000
_REPORTS, _AT_ONCE = 200, 8
_END_SECONDS = 1800.0
KILLED = ("read_import", "validate_dragon", "finish_import")

Aws = Callable[[str], Any]
Definition = dict[str, Any]


def run(folder: Path) -> None:
    """Measure, print and write down; then import while functions are killed.

    Raises:
        StepError: The system cannot be deployed, or an execution does not succeed.
    """
    where = machine()
    cloud = Cloud(free_port(), folder)
    root = terraform.root_of_own_cloud(folder, cloud.endpoint)
    with alone("workflows"):
        try:
            outputs, _ = bring_up(cloud, root)
            aws = clients(cloud.endpoint)
            figures = _imports(aws, outputs) | _nested_reports(aws, outputs)
            publish("workflows", where, figures, _table(figures))
            names = [outputs["functions"][each].split(":")[6] for each in KILLED]
            with step(f"{LINES:,} lines while functions are killed"), soak.kills(names, cloud.endpoint):
                _import(Imports(outputs, aws), {"accepted", "failed"})
        finally:
            cloud.stop()


def without_tasks(definition: Definition, results: dict[str, Any]) -> Definition:
    """A definition with a Pass in the place of each task.

    Args:
        definition: A machine, or the inner one of a Map.
        results: What a task would have put where its ResultPath says, by its name; others put nothing.
    """
    states = {name: _without_task(name, state, results) for name, state in definition["States"].items()}
    return definition | {"States": states}


def _without_task(name: str, state: dict[str, Any], results: dict[str, Any]) -> dict[str, Any]:
    if "ItemProcessor" in state:
        return state | {"ItemProcessor": without_tasks(state["ItemProcessor"], results)}
    if state["Type"] != "Task":
        return state
    result = {"Result": results[name], "ResultPath": state["ResultPath"]} if name in results else {}
    following = {key: state[key] for key in ("Next", "End") if key in state}
    return {"Type": "Pass", "ResultPath": None} | result | following


def _imports(aws: Aws, outputs: dict[str, Any]) -> dict[str, Any]:
    imports = Imports(outputs, aws)
    with step(f"{LINES:,} lines imported"):
        seconds, history = _import(imports)
    read = next(
        json.loads(event["stateExitedEventDetails"]["output"])
        for event in history
        if event.get("stateExitedEventDetails", {}).get("name") == "ReadImport"
    )
    with ExitStack() as made, step(f"{LINES:,} lines with a Pass for each task"):
        results = {"ReadImport": read["read"], "ReportDragon": {"output": {}}, "FinishImport": {}}
        passing = _without_tasks(aws, made, outputs["state_machines"]["import_dragons"], results)
        passed = _seconds(aws, passing, read)
    lines = f"lines of an import of {LINES:,}"
    return {lines: {"ours": {"a_second": LINES / seconds}, "Pass": {"a_second": LINES / passed}}}


def _import(
    imports: Imports, outcomes: Set[str] = frozenset({"accepted"})
) -> tuple[float, list[dict[str, Any]]]:
    """Import a file; the seconds that it took, and its history.

    Raises:
        StepError: A line is not in the result exactly once, with one of these outcomes, or its dragon is not
            on record.
    """
    reports = [imports.report() for _ in range(LINES)]
    began = time.monotonic()
    file = imports.put("bench.csv", as_csv(reports))
    found = imports.result(file, seconds=_END_SECONDS)
    seconds = time.monotonic() - began
    told = Counter(each["outcome"] for each in found)
    if [each["line"] for each in found] != list(range(1, LINES + 1)) or not told.keys() <= outcomes:
        raise StepError(f"not every line came to its end: {dict(told)}", detail=json.dumps(found))
    accepted = {each["dragonName"] for each in found if each["outcome"] == "accepted"}
    if lost := accepted - imports.on_record(accepted).keys():
        raise StepError("accepted, and not on record", detail=json.dumps(sorted(lost)))
    history = imports.history(file)
    imports.clean_up()
    return seconds, history


def _nested_reports(aws: Aws, outputs: dict[str, Any]) -> dict[str, Any]:
    ours = outputs["report_dragon_arn"]
    with ExitStack() as made, step(f"{_REPORTS} nested reports, {_AT_ONCE} at once"):
        passing = _without_tasks(aws, made, ours, {"FindFamily": {"dragons": 1}})
        measured = {name: _reports(aws, made, arn) for name, arn in (("ours", ours), ("Pass", passing))}
    return {f"nested reports, {_AT_ONCE} at once": measured}


def _reports(aws: Aws, made: ExitStack, report_dragon: str) -> dict[str, Any]:
    """Run a machine that waits for a report many times: how many a second, and the seconds of each."""
    wait = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {"StateMachineArn": report_dragon, "Input.$": "$"},
        "End": True,
    }
    parent = _create(aws, made, report_dragon, {"StartAt": "Report", "States": {"Report": wait}})

    def report(_: int) -> float:
        name = f"bench-{uuid.uuid4()}"
        fields = ("description", "family", "location_city", "location_country", "location_state")
        given = {f"{each}_str": "bench" for each in (*fields, "location_neighborhood")}
        caller = {
            "reportingPhoneNumber": "+15550100",
            "confirmationRequired": False,
            "newFamilyAllowed": True,
        }
        return _seconds(aws, parent, given | caller | {"dragon_name_str": name})

    began = time.monotonic()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        seconds = sorted(pool.map(report, range(_REPORTS)))
    return {"a_second": _REPORTS / (time.monotonic() - began), "seconds": seconds}


def _without_tasks(aws: Aws, made: ExitStack, arn: str, results: dict[str, Any]) -> str:
    deployed = aws("stepfunctions").describe_state_machine(stateMachineArn=arn)
    return _create(aws, made, arn, without_tasks(json.loads(deployed["definition"]), results))


def _create(aws: Aws, made: ExitStack, like: str, definition: Definition) -> str:
    """Create a state machine with the role of another; it goes in the end."""
    steps = aws("stepfunctions")
    role = steps.describe_state_machine(stateMachineArn=like)["roleArn"]
    name, text = f"bench-{uuid.uuid4()}", json.dumps(definition)
    arn: str = steps.create_state_machine(name=name, definition=text, roleArn=role)["stateMachineArn"]
    made.callback(steps.delete_state_machine, stateMachineArn=arn)
    return arn


def _seconds(aws: Aws, machine_arn: str, given: dict[str, Any]) -> float:
    """Run an execution to its end; by its own clock."""
    steps, deadline = aws("stepfunctions"), time.monotonic() + _END_SECONDS
    arn = steps.start_execution(stateMachineArn=machine_arn, input=json.dumps(given))["executionArn"]
    while (found := steps.describe_execution(executionArn=arn))["status"] == "RUNNING":
        if time.monotonic() > deadline:
            raise StepError(f"{arn} does not end")
        time.sleep(0.05)
    if found["status"] != "SUCCEEDED":
        raise StepError(f"{arn} is {found['status']}", detail=json.dumps(found, default=str))
    return float((found["stopDate"] - found["startDate"]).total_seconds())


def _table(figures: dict[str, Any]) -> str:
    rows = []
    for what, machines in figures.items():
        for tasks, told in machines.items():
            median = f"{statistics.median(told['seconds']):.2f}" if "seconds" in told else ""
            rows.append([what, tasks, f"{told['a_second']:.0f}", median])
    return table(["", "its tasks", "a second", "p50 (s)"], rows)
