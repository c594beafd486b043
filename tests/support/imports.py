"""Files to import, and what comes of them."""

import csv
import io
import json
import uuid
from collections.abc import Callable
from itertools import batched
from typing import Any

from dragons.fields import RECORD_NAMES
from dragons.imports import ImportFile
from support.reports import REPORT
from support.system import Report, poll

Aws = Callable[[str], Any]
FIELDS = list(REPORT)
IMPORT_SECONDS = 240.0


class Imports:
    """The import bucket and the machine behind it; what was put goes when the tests end."""

    def __init__(self, outputs: dict[str, Any], aws: Aws) -> None:
        self.bucket: str = outputs["import_bucket"]
        self.folder = f"e2e-{uuid.uuid4()}"
        self._machine: str = outputs["state_machines"]["import_dragons"]
        self._report_machine: str = outputs["report_dragon_arn"]
        self._executions = self._machine.replace(":stateMachine:", ":execution:")
        self._table: str = outputs["dragons_table"]
        self._s3, self._states, self._dynamodb = aws("s3"), aws("stepfunctions"), aws("dynamodb")
        self._names: set[str] = set()

    def report(self, **fields: Any) -> Report:
        """A report of a dragon of its own, which leaves the table when the tests end."""
        report = REPORT | {"dragonName": f"e2e-{uuid.uuid4()}", "family": self.folder} | fields
        self._names.add(report["dragonName"])
        return report

    def put(self, name: str, content: bytes) -> ImportFile:
        """Put a file; a name that begins with a slash is the whole key."""
        key = name[1:] if name.startswith("/") else f"{self.folder}/{name}"
        version = self._s3.put_object(Bucket=self.bucket, Key=key, Body=content)["VersionId"]
        return ImportFile(key, version)

    def result(self, file: ImportFile, seconds: float = IMPORT_SECONDS) -> list[dict[str, Any]]:
        """Wait for the result of a file; its lines, in order."""

        def written() -> list[dict[str, Any]] | None:
            try:
                found = self._s3.get_object(Bucket=self.bucket, Key=file.result_key)
            except self._s3.exceptions.NoSuchKey:
                return None
            if found["Metadata"]["file-version"] != file.version_id:
                return None  # of an earlier one of the name
            return [json.loads(line) for line in found["Body"].read().splitlines()]

        return poll(written, f"the result of {file.key}", seconds=seconds)

    def imported(self, name: str, content: bytes) -> list[dict[str, Any]]:
        """Put a file, and wait for its result."""
        return self.result(self.put(name, content))

    def started(self, file: ImportFile) -> bool:
        """Whether an import of the file was started."""
        try:
            self._states.describe_execution(executionArn=f"{self._executions}:{file.import_id}")
        except self._states.exceptions.ExecutionDoesNotExist:
            return False
        return True

    def history(self, file: ImportFile) -> list[dict[str, Any]]:
        """The history of a file's import, once that has ended."""
        arn = f"{self._executions}:{file.import_id}"

        def over() -> dict[str, Any] | None:
            found: dict[str, Any] = self._states.describe_execution(executionArn=arn)
            return None if found["status"] == "RUNNING" else found

        ended = poll(over, f"the import of {file.key} to end")
        assert ended["status"] == "SUCCEEDED", ended
        pages = self._states.get_paginator("get_execution_history").paginate(executionArn=arn)
        return [event for page in pages for event in page["events"]]

    def start(self, file: ImportFile, name: str | None = None) -> None:
        """Start a file's import by hand, and wait for its end."""
        told = json.dumps({"key": file.key, "versionId": file.version_id})
        self._wait(
            self._states.start_execution(
                stateMachineArn=self._machine, name=name or file.import_id, input=told
            )["executionArn"],
            "SUCCEEDED",
        )

    def stop_report(self, report_id: str) -> None:
        """Let the report of a line be one that was stopped, before the line is imported."""
        waits: dict[str, Any] = dict.fromkeys(RECORD_NAMES.values(), self.folder) | {
            "dragon_name_str": f"{self.folder}-{report_id}",
            "family_str": f"{self.folder}-{report_id}",
            "reportingPhoneNumber": REPORT["reportingPhoneNumber"],
            "confirmationRequired": False,
        }  # for a reviewer, since the family is new
        started = self._states.start_execution(
            stateMachineArn=self._report_machine, name=report_id, input=json.dumps(waits)
        )
        self._states.stop_execution(executionArn=started["executionArn"])
        self._wait(started["executionArn"], "ABORTED")

    def _wait(self, execution: str, status: str) -> None:
        poll(
            lambda: self._states.describe_execution(executionArn=execution)["status"] == status or None,
            f"{execution} to be {status}",
        )

    def on_record(self, names: set[str]) -> dict[str, str]:
        """Which of these dragons are on record, and the report that each is of."""
        found: dict[str, str] = {}
        for batch in batched(sorted(names), 100, strict=False):
            keys = [{"dragon_name_str": {"S": name}} for name in batch]
            request = {self._table: {"Keys": keys, "ConsistentRead": True}}
            for item in self._dynamodb.batch_get_item(RequestItems=request)["Responses"][self._table]:
                found[item["dragon_name_str"]["S"]] = item["report_id"]["S"]
        return found

    def clean_up(self) -> None:
        """Take away the dragons, the files and their results."""
        for batch in batched(sorted(self._names), 25, strict=False):
            gone = [{"DeleteRequest": {"Key": {"dragon_name_str": {"S": name}}}} for name in batch]
            self._dynamodb.batch_write_item(RequestItems={self._table: gone})
        above = ("", "results/", "results/results/", "incoming/", "results/incoming/")
        for folder in (f"{each}{self.folder}" for each in above):
            versions = self._s3.list_object_versions(Bucket=self.bucket, Prefix=folder).get("Versions", [])
            for each in versions:
                self._s3.delete_object(Bucket=self.bucket, Key=each["Key"], VersionId=each["VersionId"])


def as_csv(reports: list[Report], fields: list[str] = FIELDS, end: str = "\r\n") -> bytes:
    """Write reports as a spreadsheet does."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end)
    rows = [
        [str(report[field]).upper() if report[field] in (True, False) else report[field] for field in fields]
        for report in reports
    ]
    writer.writerows([fields, *rows])
    return text.getvalue().encode()


def as_json_lines(reports: list[Report]) -> bytes:
    """Write reports as JSON Lines."""
    return b"".join(json.dumps(report, ensure_ascii=False).encode() + b"\n" for report in reports)
