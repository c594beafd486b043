"""DynamoDB and DynamoDB Streams from moto, in place of DynamoDB Local, which needs Java.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/ (as far as moto follows it)
and .../API_streams_StreamRecord.html for what moto's stream records are corrected to.
Left out: throttling, consumed capacity as AWS counts it, items that TTL deletes (the setting is
kept, nothing expires), more than one shard a stream, the age limit of stream records.
"""

import threading
from typing import Any

from localstack.aws.api import (
    CommonServiceException,
    RequestContext,
    ServiceRequest,
    ServiceResponse,
)
from localstack.services.moto import call_moto
from localstack.services.plugins import Service, aws_provider
from moto.dynamodbstreams.models import dynamodbstreams_backends

from localcloud_plugin.moto_service import moto_service

# moto checks a condition and writes in two steps, and the stream reads what the tables write.
_TABLES = threading.RLock()
_KEPT_ITERATORS = 1000


@aws_provider(api="dynamodb", name="moto")  # type: ignore[untyped-decorator]
def dynamodb_provider() -> Service:
    """Return DynamoDB, chosen with PROVIDER_OVERRIDE_DYNAMODB=moto."""
    return moto_service("dynamodb", {}, call_alone)


@aws_provider(api="dynamodbstreams", name="moto")  # type: ignore[untyped-decorator]
def dynamodbstreams_provider() -> Service:
    """Return DynamoDB Streams, chosen with PROVIDER_OVERRIDE_DYNAMODBSTREAMS=moto."""
    return moto_service("dynamodbstreams", {"GetRecords": get_records}, call_alone)


def call_alone(context: RequestContext, request: ServiceRequest) -> ServiceResponse:  # noqa: ARG001
    """Let moto answer, one request at a time."""
    with _TABLES:
        return call_moto(context)


def get_records(context: RequestContext, request: ServiceRequest) -> ServiceResponse:
    """Let moto answer, with records as AWS writes them.

    Raises:
        CommonServiceException: ExpiredIteratorException; an iterator expires when a thousand newer
            ones were handed out (moto would keep all of them), where AWS gives it 15 minutes.
    """
    with _TABLES:
        backend = dynamodbstreams_backends[context.account_id][context.region]
        iterators = backend.shard_iterators
        if dict(request).get("ShardIterator") not in iterators:
            raise CommonServiceException("ExpiredIteratorException", "The shard iterator has expired")
        response: dict[str, Any] = call_moto(context)
        for expired in list(iterators)[:-_KEPT_ITERATORS]:
            del iterators[expired]
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
