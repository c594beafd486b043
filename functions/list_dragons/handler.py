"""GET /dragons: the dragons on record, filtered and paged; HEAD: how many there are."""

import logging
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config

from dragons import config, tracing
from dragons.errors import InvalidRequestError
from dragons.http import Responder
from dragons.parameters import Parameters
from list_dragons.athena_client import Athena
from list_dragons.engines import choose_engine
from list_dragons.objects import READS_AT_ONCE
from list_dragons.planner import Sources, answer
from list_dragons.query import QueryEngine
from list_dragons.request import read_request
from list_dragons.response import answered, unavailable
from list_dragons.scan_limit import ScanLimit
from list_dragons.settings import Settings
from list_dragons.table import DynamoDBRegistry
from list_dragons.unavailable import QueryUnavailableError

tracing.enable()
logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)  # Lambda's root logger has WARNING
settings = config.load(Settings)
respond = Responder(settings.allowed_origins)
s3 = boto3.client("s3", config=Config(max_pool_connections=READS_AT_ONCE))
ssm, dynamodb = boto3.client("ssm"), boto3.client("dynamodb")
PLACES = (settings.dataset_bucket_parameter, settings.dataset_prefix_parameter)
parameters = Parameters(ssm, *PLACES, settings.query_engine_parameter)
registry = DynamoDBRegistry(dynamodb, settings.dragons_table, settings.name_index, settings.tallies_table)
athena = Athena(settings.athena_workgroup, settings.athena_database)
limit = ScanLimit(settings.largest_scan, registry.count)


def choose() -> tuple[str, QueryEngine]:
    """The name of the engine that is chosen by now, and the engine."""
    name = parameters[settings.query_engine_parameter]
    bucket, prefix = (parameters[place] for place in PLACES)
    return name, choose_engine(name, s3, bucket, prefix, athena)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer a proxy event of either API with `{"dragons": [...], "nextToken": "..."}` or `{"count": 1}`."""
    try:
        asked = read_request(event)
        found = answer(asked, Sources(registry, limit, choose))
    except InvalidRequestError as error:
        return respond.invalid(event, error)
    except QueryUnavailableError as error:
        logger.error("not answered: %s", error.remedy)
        return respond.json(event, 503, *unavailable(error))
    logger.info(found.timing.line())
    return respond.json(event, 200, *answered(asked, found))
