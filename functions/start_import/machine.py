"""The workflow `import_dragons`."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

    from dragons.imports import ImportFile


class Importer:
    """Starts an import for each file, once for each of its versions.

    Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """

    def __init__(self, stepfunctions: SFNClient, state_machine_arn: str) -> None:
        self._stepfunctions = stepfunctions
        self._state_machine_arn = state_machine_arn

    def start(self, file: ImportFile) -> None:
        """Start a file's import, unless it was started before: S3 may tell of a file twice."""
        with suppress(self._stepfunctions.exceptions.ExecutionAlreadyExists):
            self._stepfunctions.start_execution(
                stateMachineArn=self._state_machine_arn,
                name=file.import_id,
                input=json.dumps({"key": file.key, "versionId": file.version_id}),
            )
