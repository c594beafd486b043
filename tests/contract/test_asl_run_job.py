"""The definition of `run_job` against the language, and against what it says that it runs."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from localstack.services.stepfunctions.asl.parse.asl_parser import AmazonStateLanguageParser

from contract.rendering import ROOT, job_machine
from e2e.integrations.cells import CELLS, SUFFIXES

LANGUAGE = json.loads((Path(__file__).parent / "asl.schema.json").read_text(encoding="utf-8"))
MACHINE: dict[str, Any] = json.loads(job_machine())
STATES: dict[str, dict[str, Any]] = MACHINE["States"]
TASKS = {name: state for name, state in STATES.items() if state["Type"] == "Task"}
RULES = {
    (rule["And"][0]["StringEquals"], rule["And"][1]["StringEquals"]): rule["Next"]
    for rule in STATES["WhichJob"]["Choices"]
    if "And" in rule
}
POLICY = (ROOT / "terraform/modules/job_integrations/policy.tf").read_text()
PAGE = ROOT / "docs" / "integrations.md"


def test_it_is_in_the_language_and_a_second_parser_reads_it() -> None:
    for configured in ([], ["ecs.sync"]):
        definition = job_machine(configured)
        jsonschema.Draft7Validator(LANGUAGE).validate(json.loads(definition))
        program, _ = AmazonStateLanguageParser.parse(definition)
        assert program is not None


def test_the_submitted_job_has_its_names() -> None:
    names = {
        "JobDefinition": "preprocessing",
        "JobName": "preprocessingBatchJob",
        "JobQueue": "primaryQueue",
        "Parameters.$": "$.batchjob.parameters",
    }
    assert [TASKS[name]["Parameters"] for name in ("SubmitBatchJob", "RunBatchJob")] == [names, names]


def test_each_kind_and_pattern_has_a_task_of_its_own() -> None:
    assert sorted(RULES.values()) == sorted(TASKS)
    for (_, pattern), name in RULES.items():
        suffix = TASKS[name]["Resource"].removeprefix("arn:aws:states:::").partition(".")[2]
        assert suffix.removesuffix(":2") == SUFFIXES[pattern].removeprefix(".")


def test_what_it_runs_is_what_the_table_of_permissions_has() -> None:
    table = POLICY[POLICY.index("  table = {") : POLICY.index("  configured = {")]
    found = {
        (kind, pattern)
        for kind, body in re.findall(r"^    (\w+) = \{\n(.*?)^    \}", table, re.M | re.S)
        for pattern in re.findall(r"^      (\w+) +=", body, re.M)
    }
    assert found == set(RULES)


def test_what_it_runs_is_what_the_tests_of_the_cells_run_by_it() -> None:
    by_it = {tuple(name.split(".")) for name, cell in CELLS.items() if cell.resource is None}
    assert by_it == set(RULES)


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_timed_and_retried_and_its_failure_kept(name: str) -> None:
    task = TASKS[name]
    assert task.get("TimeoutSeconds", 0) > 0 or task["TimeoutSecondsPath"] == "$.job.timeoutSeconds"
    retried = {error for rule in task["Retry"] for error in rule["ErrorEquals"]}
    # a job that was begun is not begun again: it may not be repeatable
    assert not {"States.ALL", "States.TaskFailed", "States.Timeout"} & retried
    assert all({"JitterStrategy", "MaxDelaySeconds"} <= rule.keys() for rule in task["Retry"])
    assert [rule["Next"] for rule in task["Catch"]] == ["JobTimedOut", "JobFailed"]
    assert all(rule["ResultPath"] == "$.error" for rule in task["Catch"])
    assert STATES["JobFailed"]["CausePath"] == "$.error.Cause"


def test_a_refusal_names_what_is_configured() -> None:
    for configured, named in (([], "none"), (["batch.sync", "ecs.sync"], "batch.sync, ecs.sync")):
        states = json.loads(job_machine(configured))["States"]
        assert states["NotConfigured"]["Cause"].endswith(f"configures: {named}.")
        assert states["Defaults"]["Result"]["configured"] == configured


# --- docs/integrations.md ----------------------------------------------------------------------------

AWS = {
    "Lambda (optimized)": "r t",
    "Lambda (function ARN)": "r",
    "AWS Batch": "r s",
    "DynamoDB": "r",
    "Amazon ECS/AWS Fargate": "r s t",
    "Amazon SNS (topic)": "r t",
    "Amazon SNS (phone number)": "r t",
    "Amazon SQS": "r t",
    "AWS Glue": "r s",
    "Amazon SageMaker": "r s",
    "Amazon EMR": "r s",
    "AWS CodeBuild": "r s",
    "AWS Step Functions": "r s t",
    "Amazon EventBridge": "r t",
}
"""What AWS supports, by its own table: request-response, `.sync` and `.waitForTaskToken`.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
"""


def rows() -> dict[str, list[str]]:
    """The page's table: the cells of each service."""
    lines = [line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    return {cells[0]: cells[1:] for cells in lines if cells[0] in AWS}


def test_the_page_has_the_cells_that_aws_supports_and_each_links_to_its_tests() -> None:
    columns = dict(zip("rst", SUFFIXES, strict=True))
    wanted = {(service, columns[letter]) for service, has in AWS.items() for letter in has.split()}
    assert {(cell.service, cell.pattern) for cell in CELLS.values()} == wanted
    names = {(cell.service, cell.pattern): name for name, cell in CELLS.items()}
    found = rows()
    assert list(found) == list(AWS)
    for service, cells in found.items():
        for pattern, text in zip(SUFFIXES, cells, strict=True):
            name = names.get((service, pattern))
            assert text == (f"[`{name}`](../tests/e2e/integrations/test_integrations.py)" if name else "-")


def test_the_linked_tests_run_each_cell() -> None:
    text = (ROOT / "tests/e2e/integrations/test_integrations.py").read_text()
    assert text.count('@pytest.mark.parametrize("name", CELLS)\ndef test_') == 2
    assert "[name for name, cell in CELLS.items() if cell.outlives])\ndef test_" in text


def test_the_page_says_which_job_cannot_outlive_its_task() -> None:
    said = re.findall(r"`(\w+\.\w+)`", PAGE.read_text().partition("cannot outlive")[2].partition("\n\n")[0])
    assert set(said) == {name for name, cell in CELLS.items() if not cell.outlives}
