"""GET /dragons: the dragons on record, filtered and paged."""

from collections.abc import Mapping
from typing import Any

import boto3

from dragons import config, tracing
from dragons.errors import InvalidRequestError
from dragons.http import Responder
from dragons.paging import to_token
from dragons.parameters import Parameters
from list_dragons.engines import choose_engine
from list_dragons.query import Reading, page
from list_dragons.request import read_query
from list_dragons.settings import Settings

tracing.enable()
settings = config.load(Settings)
respond = Responder(settings.allowed_origins)
s3 = boto3.client("s3")
parameters = Parameters(
    boto3.client("ssm"),
    settings.dataset_bucket_parameter,
    settings.dataset_prefix_parameter,
    settings.query_engine_parameter,
)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer a proxy event of either API with `{"dragons": [...], "nextToken": "..."}`."""
    try:
        query = read_query(event)
    except InvalidRequestError as error:
        return respond.invalid(event, error)
    engine = choose_engine(
        parameters[settings.query_engine_parameter],
        s3,
        parameters[settings.dataset_bucket_parameter],
        parameters[settings.dataset_prefix_parameter],
    )
    found = page(engine, query, Reading())
    body: dict[str, Any] = {"dragons": found.dragons}
    if found.next_after is not None:
        body["nextToken"] = to_token(found.next_after, query.filters)
    return respond.json(event, 200, body)
