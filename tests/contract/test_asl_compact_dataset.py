"""The definition of `compact_dataset` against the language: its loops end, each failure is tried again."""

import json
from pathlib import Path
from typing import Any

import jsonschema
from localstack.services.stepfunctions.asl.parse.asl_parser import AmazonStateLanguageParser

from contract.rendering import compaction_machine

LANGUAGE = json.loads((Path(__file__).parent / "asl.schema.json").read_text(encoding="utf-8"))
MACHINE: dict[str, Any] = json.loads(compaction_machine())
STATES: dict[str, dict[str, Any]] = MACHINE["States"]
FAMILY: dict[str, dict[str, Any]] = STATES["CompactFamilies"]["ItemProcessor"]["States"]
TOLD: dict[str, dict[str, Any]] = STATES["TellMissing"]["ItemProcessor"]["States"]


def test_it_is_in_the_language_and_a_second_parser_reads_it() -> None:
    jsonschema.Draft7Validator(LANGUAGE).validate(MACHINE)
    AmazonStateLanguageParser.parse(json.dumps(MACHINE))


def test_each_task_has_a_timeout_and_is_tried_again_whatever_it_failed_of() -> None:
    states = [*STATES.values(), *FAMILY.values(), *TOLD.values()]
    tasks = [state for state in states if state["Type"] == "Task"]
    assert len(tasks) == 6
    for task in tasks:
        assert task["TimeoutSeconds"] > 0
        assert [retry["ErrorEquals"] for retry in task["Retry"]] == [["States.ALL"]]


def test_both_lists_of_families_are_the_same_but_for_where_they_go_on() -> None:
    first, more = STATES["ListFamilies"], STATES["ListMoreFamilies"]
    going_on = {"ContinuationToken.$": "$.page.NextContinuationToken"}
    assert first["Parameters"] | going_on == more["Parameters"]
    assert {key: value for key, value in first.items() if key not in ("Comment", "Parameters")} == {
        key: value for key, value in more.items() if key != "Parameters"
    }


def test_a_family_is_called_again_while_there_is_more_but_not_without_end() -> None:
    [again] = FAMILY["MoreToMerge"]["Choices"]
    assert [next(iter(rule.keys() - {"Variable"})) for rule in again["And"]] == [
        "BooleanEquals",
        "NumericLessThan",
    ]
    assert FAMILY[again["Next"]]["Type"] == "Wait"
    assert FAMILY["CountCall"]["Parameters"]["calls.$"] == "States.MathAdd($.calls, 1)"


def test_a_page_of_families_fits_into_a_state() -> None:
    folder = len("dragons/family_str=/") + 512
    listed = STATES["ListFamilies"]["Parameters"]["MaxKeys"] * (folder + len('{"Prefix":""},'))
    assert listed < 200_000  # of 262,144 bytes, for what else S3 answers
