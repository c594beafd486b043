"""POST /webhooks/sightings: a receiver of the topic `sightings`, for partners to copy."""

import base64
import binascii
import logging
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import boto3

from dragons import config, tracing
from dragons.errors import FieldError, InvalidRequestError
from dragons.http import Responder
from receive_webhook.receive import receive
from receive_webhook.refusals import NotBelievedError, malformed
from receive_webhook.settings import Settings
from receive_webhook.sns import Sns
from receive_webhook.store import DynamoDBReceived
from receive_webhook.trust import Trust

tracing.enable()
logger = logging.getLogger(__name__)
settings = config.load(Settings)
respond = Responder()
trust = Trust(settings.sightings_topic, settings.sns_url)
sns = Sns()
received = DynamoDBReceived(
    boto3.client("dynamodb"), settings.received_table, settings.remembered_days, time.time
)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer an event of an HTTP API with what was done.

    SNS gives up at once on 400 and 403. Any other exception is a 500, after which it tries again.
    Source: https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
    """
    try:
        done = receive(_body(event), trust, sns, received, datetime.now(UTC))
    except NotBelievedError as error:
        logger.warning("not believed: %s", error.errors)
        return respond.json(event, 403, error.body())
    except InvalidRequestError as error:
        logger.warning("refused: %s", error.errors)
        return respond.invalid(event, error)
    return respond.json(event, 200, {"message": done})


def _body(event: Mapping[str, Any]) -> bytes:
    body: str = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return body.encode(errors="surrogatepass")
    try:
        return base64.b64decode(body)
    except binascii.Error:
        raise malformed(FieldError("body", "is not Base64")) from None
