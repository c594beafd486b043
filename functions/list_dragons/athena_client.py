"""Runs statements in a workgroup of Athena, and reads what they give."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import boto3

from list_dragons.unavailable import QueryUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_athena import AthenaClient
    from mypy_boto3_athena.type_defs import QueryExecutionTypeDef

    from list_dragons.athena_sql import Statement
    from list_dragons.query import Reading

_FIRST_WAIT, _LONGEST_WAIT = 0.05, 1.0
_TRY_AGAIN = 5


class Deadline:
    """When a request has to be answered.

    Args:
        seconds: From now on.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def wait(self, seconds: float) -> bool:
        """Wait, unless the end would come first; gives whether it waited."""
        if time.monotonic() + seconds > self._end:
            return False
        time.sleep(seconds)
        return True


class Athena:
    """A workgroup and the database that its statements read.

    The client is made when a statement is first run: other engines need none.

    Args:
        workgroup: Its name; empty where the environment has none.
        database: The catalog's.

    Source: https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html
    """

    def __init__(self, workgroup: str, database: str) -> None:
        self.workgroup = workgroup
        self._database = database
        self._made: AthenaClient | None = None

    @property
    def client(self) -> AthenaClient:
        """A client of Athena."""
        self._made = self._made or boto3.client("athena")
        return self._made

    def rows(self, statement: Statement, deadline: Deadline, reading: Reading) -> Iterator[list[str | None]]:
        """Run a statement, and yield its rows; a NULL is None.

        Args:
            statement: What to run.
            deadline: Until when it may take.
            reading: Where the bytes that it scanned are added.

        Raises:
            QueryUnavailableError: It is refused for now, takes too long, or reads more than it may.
            RuntimeError: It failed for another reason.
        """
        name = self._start(statement)
        execution = self._ended(name, deadline)
        reading.bytes += execution.get("Statistics", {}).get("DataScannedInBytes", 0)
        _require_success(execution)
        pages = self.client.get_paginator("get_query_results").paginate(QueryExecutionId=name)
        for number, page in enumerate(pages):
            header = 1 if number == 0 else 0
            for row in page["ResultSet"]["Rows"][header:]:
                yield [cell.get("VarCharValue") for cell in row["Data"]]

    def _start(self, statement: Statement) -> str:
        parameters = {"ExecutionParameters": statement.parameters} if statement.parameters else {}
        try:
            started = self.client.start_query_execution(
                QueryString=statement.text,
                QueryExecutionContext={"Database": self._database},
                WorkGroup=self.workgroup,
                **parameters,  # type: ignore[arg-type]
            )
        except self.client.exceptions.TooManyRequestsException as error:
            remedy = "too many queries of the dragons are at work: try again in some seconds"
            raise QueryUnavailableError(remedy, _TRY_AGAIN) from error
        return started["QueryExecutionId"]

    def _ended(self, name: str, deadline: Deadline) -> QueryExecutionTypeDef:
        wait = _FIRST_WAIT
        while True:
            execution = self.client.get_query_execution(QueryExecutionId=name)["QueryExecution"]
            if execution["Status"]["State"] not in {"QUEUED", "RUNNING"}:
                return execution
            if not deadline.wait(wait):
                self.client.stop_query_execution(QueryExecutionId=name)
                raise QueryUnavailableError(
                    f"the query took longer than {deadline.seconds:g} seconds: add family or dragonName",
                    _TRY_AGAIN,
                )
            wait = min(2 * wait, _LONGEST_WAIT)


def _require_success(execution: QueryExecutionTypeDef) -> None:
    status = execution["Status"]
    if status["State"] == "SUCCEEDED":
        return
    reason = status.get("StateChangeReason", "")
    # https://docs.aws.amazon.com/athena/latest/ug/workgroups-setting-control-limits-cloudwatch.html
    if "Bytes scanned limit" in reason:
        raise QueryUnavailableError(
            "the query would read more bytes than one may: add family or dragonName, or have the operator "
            "raise athena.bytes_per_query of the environment"
        )
    if status.get("AthenaError", {}).get("Retryable"):
        raise QueryUnavailableError("Athena could not run the query now: try again", _TRY_AGAIN)
    raise RuntimeError(f"Athena's query is {status['State']}: {reason}")
