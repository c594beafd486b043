"""A file of `incoming/` is cleaned by the Batch job `preprocess`, through `run_job`, and then imported."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from dragons.imports import INCOMING, ImportFile
from support.imports import FIELDS, Imports
from support.system import poll

Aws = Callable[[str], Any]


@pytest.fixture
def jobs(outputs: dict[str, Any], aws: Aws) -> str:
    """The prefix of the executions of `run_job`, where it cleans files."""
    arn: str = outputs["state_machines"]["run_job"]
    definition = aws("stepfunctions").describe_state_machine(stateMachineArn=arn)["definition"]
    if "batch.sync" not in json.loads(definition)["States"]["Defaults"]["Result"]["configured"]:
        pytest.skip("the environment does not configure this job")
    return arn.replace(":stateMachine:", ":execution:")


def dirty(reports: list[dict[str, Any]]) -> bytes:
    """A file as an office suite saves it, edited by hand and sent on."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([f" {field.upper()} " for field in reversed(FIELDS)])
    for report in reports:
        own = report | {"reportingPhoneNumber": "+1 (206) 555-0100", "confirmationRequired": "No"}
        writer.writerows([[f"{own[field]}  " for field in reversed(FIELDS)]] * 2)
        text.write("\r\n;;;;;;;;\r\n")
    return text.getvalue().encode("utf-16")


def test_a_dirty_file_is_cleaned_and_imported(imports: Imports, jobs: str, aws: Aws) -> None:
    reports = [imports.report(description="Fáfnir; old"), imports.report()]
    name = "sightings Ü.csv"
    file = imports.put(f"/{INCOMING}{imports.folder}/{name}", dirty(reports))
    s3 = aws("s3")
    key = f"{imports.folder}/{name}"

    def cleaned() -> ImportFile | None:
        found = s3.list_object_versions(Bucket=imports.bucket, Prefix=key).get("Versions", [])
        return ImportFile(key, found[0]["VersionId"]) if found else None

    clean = poll(cleaned, f"{key} to be there")
    body = s3.get_object(Bucket=imports.bucket, Key=key)["Body"].read().decode()
    assert len(body.splitlines()) == 3
    result = imports.result(clean)
    assert [(each["line"], each["dragonName"], each["outcome"]) for each in result] == [
        (1, reports[0]["dragonName"], "accepted"),
        (2, reports[1]["dragonName"], "accepted"),
    ]
    steps = aws("stepfunctions")

    def over() -> dict[str, Any] | None:
        told: dict[str, Any] = steps.describe_execution(executionArn=f"{jobs}:{file.import_id}")
        return None if told["status"] == "RUNNING" else told

    assert json.loads(poll(over, "the job to end")["output"])["Status"] == "SUCCEEDED"
    assert not imports.started(file)


def test_a_file_that_is_gone_is_told_where_its_result_would_be(
    imports: Imports, jobs: str, outputs: dict[str, Any], aws: Aws
) -> None:
    file = ImportFile(f"{INCOMING}{imports.folder}/gone.csv", "")
    parameters = {"key": file.key}
    given = {"job": {"kind": "batch", "pattern": "sync"}, "batchjob": {"parameters": parameters}}
    machine = outputs["state_machines"]["run_job"]
    aws("stepfunctions").start_execution(stateMachineArn=machine, input=json.dumps(given))
    [told] = imports.result(file)
    assert told == {"line": 0, "dragonName": None, "outcome": "refused", "reason": "The file is gone."}
