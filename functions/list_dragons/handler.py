"""GET /dragons: the dragons on record, filtered and paged."""

from collections.abc import Mapping
from typing import Any

import boto3

from dragons import config, tracing
from dragons.errors import InvalidRequestError
from dragons.http import answer
from dragons.parameters import Parameters
from list_dragons.engines import choose_engine
from list_dragons.paging import to_token
from list_dragons.query import page
from list_dragons.request import read_query

tracing.enable()
BUCKET = config.required("DATASET_BUCKET_PARAMETER")
PREFIX = config.required("DATASET_PREFIX_PARAMETER")
ENGINE = config.required("QUERY_ENGINE_PARAMETER")
s3 = boto3.client("s3")
parameters = Parameters(boto3.client("ssm"), BUCKET, PREFIX, ENGINE)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer a proxy event of either API with `{"dragons": [...], "nextToken": "..."}`."""
    try:
        query = read_query(event)
    except InvalidRequestError as error:
        return answer(event, 400, error.body())
    engine = choose_engine(parameters[ENGINE], s3, parameters[BUCKET], parameters[PREFIX])
    found = page(engine, query)
    body: dict[str, Any] = {"dragons": found.dragons}
    if found.next_after is not None:
        body["nextToken"] = to_token(found.next_after, query.filters)
    return answer(event, 200, body)
