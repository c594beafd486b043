"""What S3 tells of becomes imports, once for each version of a file."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragons.imports import ImportFile
from start_import.machine import Importer
from start_import.notification import files

EVENT = json.loads((Path(__file__).parents[2] / "fixtures/events/start_import/put.json").read_text())


class ExecutionAlreadyExists(Exception):  # noqa: N818 - AWS's name
    """As the client of Step Functions raises it."""


class FakeStepFunctions:
    """Step Functions, where every execution has ended."""

    class exceptions:  # noqa: N801 - as on a client
        """The client's own errors."""

        ExecutionAlreadyExists = ExecutionAlreadyExists

    def __init__(self) -> None:
        self.started: dict[str, Any] = {}

    def start_execution(self, **request: str) -> None:
        if request["name"] in self.started:
            raise ExecutionAlreadyExists
        self.started[request["name"]] = request


def event(key: str, **told: Any) -> dict[str, Any]:
    return {"Records": [{"s3": {"object": {"key": key} | told}}]}


def test_keys_are_decoded() -> None:
    [file] = files(EVENT)
    assert file == ImportFile("2026/sightings of Fáfnir (1).csv", "096fKKXTRTtl3on89fVO.nfljtsv6qko")
    assert file.result_key == "results/2026/sightings of Fáfnir (1).csv.jsonl"


@pytest.mark.parametrize("key", ["results/a.csv.jsonl", "results%2Fa.csv.jsonl", "results/", "folder/"])
def test_results_and_folders_are_no_files(key: str) -> None:
    assert list(files(event(key, versionId="1"))) == []


@pytest.mark.parametrize("told", [{}, {"Event": "s3:TestEvent"}])
def test_what_tells_of_nothing_starts_nothing(told: dict[str, Any]) -> None:
    assert list(files(told)) == []


def test_a_version_is_imported_once_and_another_one_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from start_import import handler

    stepfunctions = FakeStepFunctions()
    monkeypatch.setattr(handler, "importer", Importer(stepfunctions, "arn"))  # type: ignore[arg-type]
    for version in ("1", "1", "2"):
        handler.handler(event("a.csv", versionId=version), None)
    inputs = [json.loads(each["input"]) for each in stepfunctions.started.values()]
    assert inputs == [{"key": "a.csv", "versionId": version} for version in ("1", "2")]


def test_a_file_of_incoming_is_cleaned_first_where_a_machine_does_that() -> None:
    file, other = ImportFile("incoming/a.csv", "1"), ImportFile("incoming.csv", "2")
    cleaning, plain = FakeStepFunctions(), FakeStepFunctions()
    for stepfunctions, machine in ((cleaning, "clean"), (plain, "")):
        importer = Importer(stepfunctions, "import", machine)  # type: ignore[arg-type]
        for each in (file, file, other):
            importer.start(each)
    started = [(each["stateMachineArn"], json.loads(each["input"])) for each in cleaning.started.values()]
    assert started == [
        (
            "clean",
            {
                "job": {"kind": "batch", "pattern": "sync"},
                "batchjob": {"parameters": {"key": "incoming/a.csv", "versionId": "1"}},
            },
        ),
        ("import", {"key": "incoming.csv", "versionId": "2"}),
    ]
    assert [each["stateMachineArn"] for each in plain.started.values()] == ["import", "import"]


@given(st.text(), st.text(), st.integers(1, 10**6))
def test_reports_have_names_that_step_functions_takes(key: str, version: str, line: int) -> None:
    name = f"{ImportFile(key.encode(errors='replace').decode(), version).import_id}-{line}" if key else "a"
    assert len(name) <= 80
    assert name.replace("-", "").isalnum()
