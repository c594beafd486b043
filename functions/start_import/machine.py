"""The workflows `import_dragons`, and `run_job`, which cleans a file before."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dragons.imports import INCOMING

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

    from dragons.imports import ImportFile


class Importer:
    """Starts an import for each file, once for each of its versions.

    Args:
        stepfunctions: A client.
        import_dragons: The state machine of an import.
        run_job: The state machine that has a file of `incoming/` cleaned, which puts another to be imported.
            Empty: none does, and such a file is imported as it is.

    Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """

    def __init__(self, stepfunctions: SFNClient, import_dragons: str, run_job: str = "") -> None:
        self._stepfunctions = stepfunctions
        self._import_dragons = import_dragons
        self._run_job = run_job

    def start(self, file: ImportFile) -> None:
        """Start a file's import, or its cleaning, unless it was started before: S3 may tell of it twice."""
        told = {"key": file.key, "versionId": file.version_id}
        if self._run_job and file.key.startswith(INCOMING):
            job = {"kind": "batch", "pattern": "sync"}
            parameters = {name: value for name, value in told.items() if value}
            self._start(self._run_job, file, {"job": job, "batchjob": {"parameters": parameters}})
        else:
            self._start(self._import_dragons, file, told)

    def _start(self, machine: str, file: ImportFile, told: dict[str, Any]) -> None:
        with suppress(self._stepfunctions.exceptions.ExecutionAlreadyExists):
            self._stepfunctions.start_execution(
                stateMachineArn=machine, name=file.import_id, input=json.dumps(told)
            )
