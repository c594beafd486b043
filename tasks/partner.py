"""`make partner`: gives a partner an API token, kept as its hash alone, and an API key in the usage plan.

A partner that is known gets another token and keeps its key: tokens are rotated by giving the new one, then
revoking the old one (docs/runbook.md).
"""

import argparse
import hashlib
import re
import secrets
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

from tasks.environment.environment import Environment
from tasks.processes.steps import StepError

TOKEN_BYTES = 32
_NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")


@dataclass(frozen=True)
class Credentials:
    """What a partner needs to call `GET /partners/dragons`.

    Attributes:
        token: Goes into the header `Authorization: Bearer <token>`; nothing keeps it.
        token_sha256: Its SHA-256, in hexadecimal digits: its name in the table.
        api_key: Goes into the header `x-api-key`.
        known: Whether the partner had a token or a key before.
    """

    token: str
    token_sha256: str
    api_key: str
    known: bool


def onboard(name: str, table: str, usage_plan: str, dynamodb: Any, apigateway: Any) -> Credentials:
    """Make a token for a partner, and a key if it has none; a failure leaves neither behind.

    Args:
        name: The partner's name.
        table: The name of the partners' table.
        usage_plan: The id of the partners' usage plan.
        dynamodb: A client of DynamoDB.
        apigateway: A client of API Gateway (REST).

    Raises:
        StepError: The name is none for a partner.

    Source: https://docs.aws.amazon.com/apigateway/latest/api/API_CreateUsagePlanKey.html
    """
    if not _NAME.fullmatch(name):
        raise StepError(
            f"NAME={name!r} is not a partner's name: take 2 to 40 lower-case letters, digits and hyphens, "
            "beginning with a letter, such as NAME=acme"
        )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    digest = hashlib.sha256(token.encode("ascii")).hexdigest()
    key_name = f"{table}-{name}"
    key = _find_key(apigateway, key_name)
    known = key is not None or _has_token(dynamodb, table, name)
    with ExitStack() as undo:
        if key is None:
            key = apigateway.create_api_key(name=key_name, enabled=True)
            undo.callback(apigateway.delete_api_key, apiKey=key["id"])
        with suppress(apigateway.exceptions.ConflictException):  # it is in the plan already
            apigateway.create_usage_plan_key(usagePlanId=usage_plan, keyId=key["id"], keyType="API_KEY")
        dynamodb.put_item(TableName=table, Item={"token_sha256": {"S": digest}, "partner": {"S": name}})
        undo.pop_all()
    return Credentials(token, digest, key["value"], known)


def _find_key(apigateway: Any, name: str) -> dict[str, Any] | None:
    """The API key of a name; the service itself looks for names that begin like it."""
    pages = apigateway.get_paginator("get_api_keys").paginate(nameQuery=name, includeValues=True)
    return next((key for page in pages for key in page["items"] if key["name"] == name), None)


def _has_token(dynamodb: Any, table: str, name: str) -> bool:
    """Whether a partner has a token; the table has a row a token, few enough to read them all."""
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table,
        FilterExpression="partner = :name",
        ExpressionAttributeValues={":name": {"S": name}},
    )
    return any(page["Items"] for page in pages)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the partner's name."""
    parser.add_argument("--name", default="", help="of the partner")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Onboard a partner and print its credentials, once.

    Raises:
        StepError: The name is none for a partner.
    """
    environment.enter_tools()
    outputs = environment.outputs()
    table, plan = outputs["partners_table"], outputs["partners_usage_plan_id"]
    made = onboard(
        arguments.name, table, plan, environment.client("dynamodb"), environment.client("apigateway")
    )
    if made.known:
        print(f"{arguments.name} is a partner already: this is another token, and the earlier ones stay good")
    print(f"token         {made.token}")
    print(f"token_sha256  {made.token_sha256}")
    print(f"api_key       {made.api_key}")
    print("Hand over token and api_key now: the token is not kept and cannot be shown again.")
