"""The Lambda authorizer of the partners' routes: an API token, looked up by its hash."""

from collections.abc import Mapping
from typing import Any

import boto3

from authorize_partner.authorize import authorize
from authorize_partner.cache import CachedPartners
from authorize_partner.settings import Settings
from authorize_partner.table import DynamoDBPartners
from dragons import config, tracing

tracing.enable()
partners = CachedPartners(DynamoDBPartners(boto3.client("dynamodb"), config.load(Settings).partners_table))


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer an authorizer's event of type TOKEN with a policy.

    Raises:
        Unauthorized: The caller gets 401.
    """
    return authorize(event["authorizationToken"], event["methodArn"], partners)
