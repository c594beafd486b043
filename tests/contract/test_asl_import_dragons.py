"""The definition of `import_dragons` against the language, and against what an import promises."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from localstack.services.stepfunctions.asl.parse.asl_parser import AmazonStateLanguageParser

from contract.rendering import EXECUTION_ARN_PREFIX, STATE_MACHINE_ARN, import_machine
from dragons.events import ImportFinished, detail
from dragons.imports import RESULTS, ImportFile, Line, report_item
from dragons.schemas import event_schema
from finish_import.result import OUTCOMES
from validate_dragon.validate import DUPLICATE, OF_THE_WORKFLOW

LANGUAGE = json.loads((Path(__file__).parent / "asl.schema.json").read_text(encoding="utf-8"))
MACHINE: dict[str, Any] = json.loads(import_machine())
STATES: dict[str, dict[str, Any]] = MACHINE["States"]
MAP = STATES["ImportLines"]
LINE: dict[str, Any] = MAP["ItemProcessor"]
LINE_STATES: dict[str, dict[str, Any]] = LINE["States"]
EVERY = {
    f"{machine}.{name}": state
    for machine, states in (("import", STATES), ("line", LINE_STATES))
    for name, state in states.items()
}
TASKS = [name for name, state in EVERY.items() if state["Type"] == "Task"]


def transitions(state: dict[str, Any]) -> list[str]:
    rules = [*state.get("Choices", []), *state.get("Catch", []), state]
    return [rule[key] for rule in rules for key in ("Next", "Default") if key in rule]


def reached(machine: dict[str, Any]) -> set[str]:
    found, pending = set[str](), [machine["StartAt"]]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += transitions(machine["States"][name])
    return found


def ways(machine: dict[str, Any], name: str) -> Iterator[list[str]]:
    """Every way from a state to an end: a way that came back to a state would never end."""
    following = transitions(machine["States"][name])
    if not following:
        yield [name]
    for each in dict.fromkeys(following):
        for way in ways(machine, each):
            yield [name, *way]


def test_it_is_in_the_language_and_a_second_parser_reads_it() -> None:
    jsonschema.Draft7Validator(LANGUAGE).validate(MACHINE)
    program, _ = AmazonStateLanguageParser.parse(import_machine())
    assert program is not None


@pytest.mark.parametrize("machine", [MACHINE, LINE], ids=["import", "line"])
def test_every_state_is_reached_and_no_way_comes_back(machine: dict[str, Any]) -> None:
    assert reached(machine) == set(machine["States"])
    assert all(len(way) == len(set(way)) for way in ways(machine, machine["StartAt"]))


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_timed_and_retried_and_caught_and_keeps_its_input(name: str) -> None:
    task = EVERY[name]
    assert task["TimeoutSeconds"] < MACHINE["TimeoutSeconds"]
    assert all(retrier["JitterStrategy"] == "FULL" for retrier in task["Retry"])
    assert all("MaxDelaySeconds" in retrier and retrier["BackoffRate"] > 1 for retrier in task["Retry"])
    assert task["Catch"][-1]["ErrorEquals"] == ["States.ALL"]
    assert all(rule.get("ResultPath", "$") != "$" for rule in [task, *task["Catch"]])


def test_every_way_of_an_import_comes_to_a_result() -> None:
    for way in ways(MACHINE, MACHINE["StartAt"]):
        assert "FinishImport" in way
        assert way[way.index("FinishImport") + 1] in ("AnnounceImport", "WriteFailure")
        assert way[-1] == ("ImportFailed" if "WriteFailure" in way else "ImportDone")


def test_every_way_of_a_line_notes_an_outcome_and_only_what_failed_counts_as_a_failure() -> None:
    for way in ways(LINE, LINE["StartAt"]):
        [outcome] = {"Accepted", "Duplicate", "Refused", "Failed"} & set(way)
        assert way[way.index(outcome) + 1] == "NoteOutcome"
        noted = LINE_STATES[outcome].get("Result") or LINE_STATES[outcome]["Parameters"]
        assert noted["outcome"] == outcome.lower()
        assert noted["outcome"] in OUTCOMES
    [failed] = LINE_STATES["HowNoted"]["Choices"]
    assert (failed["StringEquals"], failed["Next"]) == ("failed", "LineFailed")
    assert LINE_STATES["LineFailed"]["Type"] == "Fail"


def test_the_map_is_distributed_and_bounded_and_stops_the_import_without_stopping_the_result() -> None:
    assert LINE["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    assert (MAP["MaxConcurrency"], MAP["ToleratedFailurePercentage"]) == (40, 100.0)
    assert MAP["ItemReader"]["ReaderConfig"] == {"InputType": "JSON"}
    # without it, all outputs together would have to fit into 256 KiB
    assert MAP["ResultWriter"]["Parameters"]["Bucket"] == "work"
    assert [catcher["Next"] for catcher in MAP["Catch"]] == ["FinishImport"]
    retried = {error for rule in MAP["Retry"] for error in rule["ErrorEquals"]}
    assert "States.ExceedToleratedFailureThreshold" not in retried


def test_a_line_is_a_report_of_its_own_name_that_is_waited_for() -> None:
    task = LINE_STATES["ReportDragon"]
    assert task["Resource"] == "arn:aws:states:::states:startExecution.sync:2"
    assert task["Parameters"] == {
        "StateMachineArn": f"{STATE_MACHINE_ARN}:live",
        "Name.$": "$.item.reportId",
        "Input.$": "States.JsonMerge($.item.report, $.trust, false)",
    }
    assert set(MAP["ItemSelector"]["trust"]) <= OF_THE_WORKFLOW
    assert task["TimeoutSeconds"] > 900  # what a report takes at most that waits for nobody


def test_a_report_that_was_made_before_is_read_and_not_failed() -> None:
    [taken, _] = LINE_STATES["ReportDragon"]["Catch"]
    assert taken["ErrorEquals"] == ["StepFunctions.ExecutionAlreadyExistsException"]
    assert taken["Next"] == "DescribeReport"
    retried = {error for rule in LINE_STATES["ReportDragon"]["Retry"] for error in rule["ErrorEquals"]}
    assert not {"States.ALL", "States.TaskFailed", *taken["ErrorEquals"]} & retried
    arn = LINE_STATES["DescribeReport"]["Parameters"]["ExecutionArn.$"]
    assert arn == f"States.Format('{EXECUTION_ARN_PREFIX}:{{}}', $.item.reportId)"


def test_a_duplicate_is_told_by_the_words_of_validate_dragon() -> None:
    accepted, duplicate = LINE_STATES["HowReported"]["Choices"]
    assert accepted == {"Variable": "$.reported.output.error", "IsPresent": False, "Next": "Accepted"}
    assert duplicate["StringEquals"] == DUPLICATE


def test_a_line_reads_only_what_it_is_given() -> None:
    given = {f"$.{name.removesuffix('.$')}" for name in MAP["ItemSelector"]}
    given |= {f"$.item.{name}" for name in report_item("", Line(1, None), {})}
    rules = [rule for state in LINE_STATES.values() for rule in (state, *state.get("Catch", []))]
    made = {rule["ResultPath"] for rule in rules if rule.get("ResultPath")}
    made |= {"$.Output"}  # of the nested execution
    read = set(re.findall(r"(?<!\$)\$\.[\w.]+", json.dumps(LINE_STATES)))
    assert {path for path in read if not any(path.startswith(each) for each in given | made)} == set()


def test_the_event_has_what_its_schema_asks_for() -> None:
    [entry] = STATES["AnnounceImport"]["Parameters"]["Entries"]
    assert entry["DetailType"] == ImportFinished.__name__
    assert {name.removesuffix(".$") for name in entry["Detail"]} == set(
        event_schema("ImportFinished")["properties"]
    )
    jsonschema.validate(
        detail(ImportFinished("i", "2026-11-29T12:00:00Z", "a", "b", 1, 2, 3, 4)),
        event_schema("ImportFinished"),
    )
    counted = {name.removesuffix(".$") for name in STATES["FinishImport"]["ResultSelector"]}
    assert counted == {"resultKey", *OUTCOMES}


def test_without_its_function_the_result_is_where_it_would_be() -> None:
    key = STATES["WriteFailure"]["Parameters"]["Key.$"]
    assert key == f"States.Format('{RESULTS}{{}}.jsonl', $.key)"
    assert ImportFile("{}", "").result_key == re.findall(r"'(.*)'", key)[0]
