"""DynamoDB and DynamoDB Streams from moto, in place of DynamoDB Local, which needs Java.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/ (as far as moto follows it)
and .../API_streams_StreamRecord.html for what moto's stream records are corrected to.
moto 5.2.3 (tried) leaves out empty Attributes and images and the items of Select=COUNT, as AWS does. It still
encodes binary keys in streams twice, tells what an UpdateItem consumed unasked, and wants spaces around
comparisons in PartiQL, whose parser there, py-partiql-parser 0.6.3, is the newest.
Left out: throttling, consumed capacity as AWS counts it, items that TTL deletes (the setting is
kept, nothing expires), more than one shard a stream, the age limit of stream records, numbers in PartiQL,
PartiQL updates of items with nested binary values.
"""

import re
import threading
from typing import Any

from botocore.parsers import create_parser
from localstack.aws.api import (
    CommonServiceException,
    RequestContext,
    ServiceRequest,
    ServiceResponse,
)
from localstack.aws.spec import load_service
from localstack.services.moto import call_moto
from localstack.services.plugins import Service, aws_provider
from localstack.utils.patch import patch
from moto.dynamodb.models.utilities import dynamo_json_dump
from moto.dynamodb.parsing import partiql
from moto.dynamodbstreams.models import dynamodbstreams_backends

from localcloud.dynamodb_transactions import copy_only_what_is_written
from localcloud.moto_service import moto_service

# moto checks a condition and writes in two steps, and the stream reads what the tables write.
_TABLES = threading.RLock()
_KEPT_ITERATORS = 1000
_STREAMS = load_service("dynamodbstreams")
_COMPARISON = re.compile(r"""('(?:[^']|'')*'|"[^"]*")|\s*(<>|!=|<=|>=|=|<|>)\s*""")


@aws_provider(api="dynamodb", name="moto")  # type: ignore[untyped-decorator]
def dynamodb_provider() -> Service:
    """Return DynamoDB, chosen with PROVIDER_OVERRIDE_DYNAMODB=moto."""
    space_statements()
    copy_only_what_is_written()
    return moto_service("dynamodb", {}, call_alone)


@aws_provider(api="dynamodbstreams", name="moto")  # type: ignore[untyped-decorator]
def dynamodbstreams_provider() -> Service:
    """Return DynamoDB Streams, chosen with PROVIDER_OVERRIDE_DYNAMODBSTREAMS=moto."""
    return moto_service("dynamodbstreams", {"GetRecords": get_records}, call_alone)


def call_alone(context: RequestContext, request: ServiceRequest) -> ServiceResponse:
    """Let moto respond, one request at a time, and leave out what was not asked for."""
    with _TABLES:
        response = call_moto(context)
    unasked = {
        "Attributes": not response.get("Attributes"),
        "ConsumedCapacity": dict(request).get("ReturnConsumedCapacity", "NONE") == "NONE",
        "Items": dict(request).get("Select") == "COUNT",
    }
    return {name: value for name, value in response.items() if not unasked.get(name)}


def space_statements() -> None:
    """Let moto parse PartiQL statements that have no spaces around their comparisons."""
    for parse in (partiql.query, partiql.get_query_metadata):
        patch(parse)(lambda original, statement, *rest: original(spaced(statement), *rest))  # type: ignore[no-untyped-call]


def spaced(statement: str) -> str:
    """Return a PartiQL statement with spaces around its comparisons."""
    return _COMPARISON.sub(lambda found: found[1] or f" {found[2]} ", statement)


def get_records(context: RequestContext, request: Any) -> ServiceResponse:
    """Return what moto has recorded, as AWS writes it.

    Raises:
        CommonServiceException: ExpiredIteratorException; an iterator expires when a thousand newer
            ones were handed out (moto would keep all of them), where AWS gives it 15 minutes.
    """
    with _TABLES:
        backend = dynamodbstreams_backends[context.account_id][context.region]
        iterators = backend.shard_iterators
        if request["ShardIterator"] not in iterators:
            raise CommonServiceException("ExpiredIteratorException", "The shard iterator has expired")
        page = dynamo_json_dump(backend.get_records(request["ShardIterator"], request.get("Limit", 1000)))
        for expired in list(iterators)[:-_KEPT_ITERATORS]:
            del iterators[expired]
    # Without moto's own serializer, which encodes binary attributes a second time.
    raw = {"body": page.encode(), "headers": {}, "status_code": 200}
    response = create_parser("json").parse(raw, _STREAMS.shape_for("GetRecordsOutput"))
    del response["ResponseMetadata"]
    records = [corrected(record) for record in response["Records"]]
    return {**response, "Records": [record for record in records if is_change(record)]}


def corrected(record: dict[str, Any]) -> dict[str, Any]:
    """Return a stream record without the image it cannot have, which moto leaves empty."""
    absent = {"INSERT": "OldImage", "REMOVE": "NewImage"}.get(record["eventName"])
    image = {name: value for name, value in record["dynamodb"].items() if name != absent}
    return {**record, "dynamodb": image}


def is_change(record: dict[str, Any]) -> bool:
    """Tell whether the write changed the item, since AWS records no other writes.

    It shows only where the stream carries both images.
    """
    images = [record["dynamodb"].get(name) for name in ("OldImage", "NewImage")]
    return None in images or images[0] != images[1]
