"""The definition of `summarise_dragons` against the language, and run over pages of the index."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonata.jsonata import Jsonata
from localstack.services.stepfunctions.asl.parse.asl_parser import AmazonStateLanguageParser
from referencing import Registry, Resource

from contract.rendering import summary_machine
from support.strategies import texts

FOLDER = Path(__file__).parent
LANGUAGE, COMMON = (
    json.loads((FOLDER / name).read_text()) for name in ("asl.jsonata.schema.json", "asl.schema.json")
)
SCHEMAS: Registry[Any] = Registry().with_resource(COMMON["$id"], Resource.from_contents(COMMON))
VALIDATOR = jsonschema.Draft7Validator(LANGUAGE, registry=SCHEMAS)
MACHINE: dict[str, Any] = json.loads(summary_machine())
BRANCHES: list[dict[str, Any]] = MACHINE["States"]["Summarise"]["Branches"]
TASKS = [state for each in BRANCHES for state in each["States"].values() if state["Type"] == "Task"]
READS = [next(name for name in each["States"] if name.startswith("Read")) for each in BRANCHES]


def evaluated(text: str, **states: Any) -> Any:
    """Evaluate an expression of the machine as Step Functions does, with `$states`."""
    expression = text.removeprefix("{%").removesuffix("%}")
    declared = json.dumps(states, ensure_ascii=False)
    return json.loads(json.dumps(Jsonata(f"($states := {declared}; {expression})").evaluate(None)))


def test_it_is_in_the_language() -> None:
    jsonschema.Draft7Validator.check_schema(LANGUAGE)
    VALIDATOR.validate(MACHINE)


def test_a_second_parser_reads_it() -> None:
    program, _ = AmazonStateLanguageParser.parse(summary_machine())
    assert program is not None


@pytest.mark.parametrize(
    "mistake",
    [
        {"Parameters": {"TableName": "t"}},
        {"ResultPath": "$.x"},
        {"Output": "{% 1"},
        {"Resource": "dynamodb:query"},
        {"TimeoutSeconds": None},
        {"End": True},
        {"Retry": [{}]},
    ],
)
def test_the_schema_sees_mistakes(mistake: dict[str, Any]) -> None:
    machine = copy.deepcopy(MACHINE)
    machine["States"]["Summarise"]["Branches"][0]["States"][READS[0]] |= mistake
    assert not VALIDATOR.is_valid(machine)


def transitions(state: dict[str, Any]) -> Iterator[str]:
    for rule in [*state.get("Choices", []), state]:
        yield from (rule[key] for key in ("Next", "Default") if key in rule)


@pytest.mark.parametrize("branch", BRANCHES, ids=READS)
def test_every_transition_leads_to_a_state_and_every_state_is_reached(branch: dict[str, Any]) -> None:
    found, pending = set[str](), [branch["StartAt"]]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += transitions(branch["States"][name])
    assert found == set(branch["States"])


@pytest.mark.parametrize("task", TASKS, ids=READS)
def test_a_step_only_reads_so_it_may_be_repeated_and_in_time(task: dict[str, Any]) -> None:
    assert task["Resource"] == "arn:aws:states:::aws-sdk:dynamodb:query"
    assert task["TimeoutSeconds"] < MACHINE["TimeoutSeconds"] < 29  # what the REST API waits
    [rule] = task["Retry"]
    tries = rule["MaxAttempts"] + 1
    assert tries * task["TimeoutSeconds"] + rule["MaxAttempts"] * rule["MaxDelaySeconds"] < 20
    assert rule["JitterStrategy"] == "FULL"


def test_the_branches_are_the_same_but_for_what_they_count() -> None:
    families, countries = (json.dumps(branch) for branch in BRANCHES)
    alike = countries.replace("Countries", "Families").replace("'country'", "'family'")
    without_comments = [json.loads(text) for text in (families, alike)]
    for branch in without_comments:
        for state in branch["States"].values():
            state.pop("Comment", None)
    assert without_comments[0] == without_comments[1]


pages = st.lists(st.dictionaries(texts, st.integers(1, 99), max_size=3), min_size=1, max_size=4)


def read(branch: dict[str, Any], kind: str, answers: list[dict[str, int]]) -> dict[str, int]:
    """Run a branch over pages of the index; the last has no key to go on from."""
    states, name = branch["States"], branch["StartAt"]
    state: dict[str, Any] = {}
    for number, page in enumerate(answers):
        asked = evaluated(states[name]["Arguments"], input=state)
        assert asked.get("ExclusiveStartKey") == ({"page": {"N": str(number)}} if number else None)
        items = [{"tally": {"S": f"{kind}#{each}"}, "dragons": {"N": str(page[each])}} for each in page]
        more = {"LastEvaluatedKey": {"page": {"N": str(number + 1)}}} if number + 1 < len(answers) else {}
        state = evaluated(states[name]["Output"], input=state, result={"Items": items} | more)
        choice = states[states[name]["Next"]]
        goes_on = evaluated(choice["Choices"][0]["Condition"], input=state)
        assert goes_on is bool(more)
    ended = states[choice["Default"]]
    found: dict[str, int] = evaluated(ended["Output"], input=state)
    return found


@given(pages)
def test_a_branch_reads_page_by_page_and_adds_up_to_all_of_them(answers: list[dict[str, int]]) -> None:
    expected: dict[str, int] = {}
    for page in answers:
        expected |= page
    for branch, kind in zip(BRANCHES, ("family", "country"), strict=True):
        assert read(branch, kind, answers) == expected


def test_a_branch_asks_the_index_for_its_kind_the_most_dragons_first() -> None:
    for task, kind in zip(TASKS, ("family", "country"), strict=True):
        asked = evaluated(task["Arguments"], input={})
        assert (asked["TableName"], asked["IndexName"]) == ("dragons-test-tallies", "most_dragons")
        assert asked["ExpressionAttributeValues"] == {":kind": {"S": kind}, ":none": {"N": "0"}}
        assert asked["ScanIndexForward"] is False


@pytest.mark.parametrize("character", ["\u0000", "é", "龍", "\U0001f409", "a"])
def test_what_both_branches_return_fits_whatever_the_texts(character: str) -> None:
    # an execution's output: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
    state: dict[str, Any] = {}
    goes_on, number = True, 0
    states = BRANCHES[0]["States"]
    limit = evaluated(states[READS[0]]["Arguments"], input={})["Limit"]
    while goes_on:
        names = [f"{each:04}{character * 196}" for each in range(number, number + limit)]
        items = [{"tally": {"S": f"family#{name}"}, "dragons": {"N": "1000000"}} for name in names]
        result = {"Items": items, "LastEvaluatedKey": items[-1]}
        assert len(json.dumps({"Items": items}, ensure_ascii=False).encode()) < 256 * 1024
        state = evaluated(states[READS[0]]["Output"], input=state, result=result)
        number += limit
        goes_on = evaluated(states["MoreFamilies"]["Choices"][0]["Condition"], input=state)
    both = {"families": state["counted"], "countries": state["counted"]}
    assert len(json.dumps(both, ensure_ascii=False, separators=(",", ":")).encode()) < 256 * 1024
