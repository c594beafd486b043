"""Athena's API: workgroups are moto's, and queries run.

Sources: https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html and
https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html
"""

import threading
from collections.abc import Mapping
from typing import Any

from localstack.aws.api import CommonServiceException, RequestContext, ServiceRequest, ServiceResponse
from localstack.aws.connect import connect_to
from localstack.aws.skeleton import DispatchTable
from localstack.services.moto import call_moto, call_moto_with_request
from localstack.services.plugins import Service, aws_provider
from moto.athena.models import athena_backends
from sqlglot.errors import SqlglotError

from localcloud.athena.queries import Query
from localcloud.athena.statement import QueryError, Statement
from localcloud.moto_service import by_request, moto_service

_queries: dict[str, Query] = {}
_PAGE_ROWS = 1000


def _start(context: RequestContext, request: ServiceRequest) -> ServiceResponse:
    asked: Any = {"WorkGroup": "primary", **request}
    group: Any = athena_backends[context.account_id][context.region].get_work_group(asked["WorkGroup"])
    if group is None:
        raise _invalid(f"WorkGroup {asked['WorkGroup']} is not found.")
    settings = group["Configuration"]
    ours, theirs = settings.get("ResultConfiguration", {}), asked.get("ResultConfiguration", {})
    kept = ours if settings["EnforceWorkGroupConfiguration"] else {**ours, **theirs}
    if not kept.get("OutputLocation"):
        raise _invalid(
            "No output location provided. An output location is required either through the Workgroup result "
            "configuration setting or as an API input."
        )
    try:
        statement, failure = Statement(asked["QueryString"], asked.get("ExecutionParameters", [])), None
    except SqlglotError as error:
        raise _invalid(str(error).partition("\n")[0]) from error
    except QueryError as error:
        statement, failure = Statement("SELECT 1"), str(error)
    response: Any = call_moto_with_request(context, asked | {"ResultConfiguration": dict(kept)})
    name = response["QueryExecutionId"]
    database = asked.get("QueryExecutionContext", {}).get("Database", "default")
    output = f"{kept['OutputLocation'].rstrip('/')}/{name}.csv"
    query = Query(statement, database, settings.get("BytesScannedCutoffPerQuery"), output)
    _queries[name] = query
    if failure is not None:
        query.state, query.reason = "FAILED", failure
    else:
        clients = connect_to(aws_access_key_id=context.account_id, region_name=context.region)
        threading.Thread(target=query.run, args=(clients.glue, clients.s3), daemon=True).start()
    return response


def _get(context: RequestContext, request: ServiceRequest) -> ServiceResponse:
    query = _named(request)
    response: Any = call_moto(context)
    told = response["QueryExecution"]
    told["Status"]["State"] = query.state
    if query.reason is not None:
        told["Status"]["StateChangeReason"] = query.reason
    told["Statistics"]["DataScannedInBytes"] = query.scanned
    told["ResultConfiguration"] = {**(told.get("ResultConfiguration") or {}), "OutputLocation": query.output}
    return response


def _results(request: Mapping[str, Any]) -> Mapping[str, Any]:
    query = _named(request)
    if query.state in {"QUEUED", "RUNNING"}:
        raise _invalid(f"Query has not yet finished. Current state: {query.state}")
    if query.state != "SUCCEEDED":
        raise _invalid(f"Query did not finish successfully. Final query state: {query.state}")
    rows: list[list[str | None]] = [[name for name, _ in query.columns], *query.rows]
    start = int(request.get("NextToken") or 0)
    end = start + min(request.get("MaxResults", _PAGE_ROWS), _PAGE_ROWS)
    page = [{"Data": [_cell(cell) for cell in row]} for row in rows[start:end]]
    columns = [_column(*each) for each in query.columns]
    more = {"NextToken": str(end)} if end < len(rows) else {}
    return {"ResultSet": {"Rows": page, "ResultSetMetadata": {"ColumnInfo": columns}}, **more}


def _column(name: str, kind: str) -> Mapping[str, Any]:
    size = {"Precision": 0, "Scale": 0, "Nullable": "UNKNOWN", "CaseSensitive": kind == "varchar"}
    return {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": name,
        "Label": name,
        "Type": kind,
    } | size


def _cell(text: str | None) -> Mapping[str, str]:
    return {} if text is None else {"VarCharValue": text}


def _stop(request: Mapping[str, Any]) -> Mapping[str, Any]:
    _named(request).stop()
    return {}


def _update_group(context: RequestContext, request: ServiceRequest) -> ServiceResponse:
    """UpdateWorkGroup, which moto lacks."""
    asked: Any = request
    group = athena_backends[context.account_id][context.region].work_groups[asked["WorkGroup"]]
    changes = dict(asked.get("ConfigurationUpdates", {}))
    results = changes.pop("ResultConfigurationUpdates", {})
    if changes.pop("RemoveBytesScannedCutoffPerQuery", False):
        group.configuration.pop("BytesScannedCutoffPerQuery", None)
    group.configuration |= changes
    group.configuration["ResultConfiguration"] = group.configuration.get("ResultConfiguration", {}) | results
    group.description = asked.get("Description", group.description)
    return {}


def _named(request: Any) -> Query:
    name = request["QueryExecutionId"]
    if name not in _queries:
        raise _invalid(f"QueryExecution {name} was not found")
    return _queries[name]


def _invalid(message: str) -> CommonServiceException:
    return CommonServiceException("InvalidRequestException", message, 400)


OPERATIONS: DispatchTable = {
    "GetQueryExecution": _get,
    "GetQueryResults": by_request(_results),
    "StartQueryExecution": _start,
    "StopQueryExecution": by_request(_stop),
    "UpdateWorkGroup": _update_group,
}
"""What serves an operation in place of moto."""


@aws_provider(api="athena")  # type: ignore[untyped-decorator]
def provider() -> Service:
    """Return the service."""
    return moto_service("athena", OPERATIONS)
