"""Cognito's post confirmation trigger: who has confirmed the address becomes a reporter."""

from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config

from dragons import config, tracing
from dragons.bus import EventBridgeBus
from post_confirmation.enrol import enrol
from post_confirmation.group import CognitoGroup
from post_confirmation.settings import Settings
from post_confirmation.table import DynamoDBProfiles

tracing.enable()
settings = config.load(Settings)
# Cognito waits five seconds, then asks again, twice: three calls have to fit, without retries of their own
# https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
_QUICK = Config(connect_timeout=0.4, read_timeout=1.1, retries={"total_max_attempts": 1})
profiles = DynamoDBProfiles(boto3.client("dynamodb", config=_QUICK), settings.reporters_table)
group = CognitoGroup(boto3.client("cognito-idp", config=_QUICK), settings.reporters_group)
bus = EventBridgeBus(boto3.client("events", config=_QUICK), settings.event_bus)


def handler(event: Mapping[str, Any], _context: object) -> Mapping[str, Any]:
    """Enrol the person of a confirmed sign-up, and answer the event as it came.

    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
    """
    enrol(event, profiles, group, bus)
    return event
