"""Put the sample dragons into the table, and wait until GET /dragons lists them.

Run with the project's own interpreter: `.venv/bin/python -m localcloud.samples.load --endpoint URL
--table NAME --api URL`. Running it again adds only what is missing.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
from botocore.exceptions import BotoCoreError, ClientError

from localcloud.clients import client

SAMPLES = Path(__file__).with_name("dragons.json")
LISTED_SECONDS = 60.0


def samples() -> list[dict[str, str]]:
    """The sample dragons, in the record's shape."""
    found: list[dict[str, str]] = json.loads(SAMPLES.read_text(encoding="utf-8"))
    return found


def put_missing(dynamodb: Any, table: str, dragons: list[dict[str, str]]) -> int:
    """Write those dragons that are not on record, and leave the others as they are.

    Args:
        dynamodb: A DynamoDB client.
        table: The table's name.
        dragons: Records by the schema `dragon`.

    Returns:
        How many were missing.
    """
    added = 0
    for dragon in dragons:
        try:
            dynamodb.put_item(
                TableName=table,
                Item={name: {"S": value} for name, value in dragon.items()},
                ConditionExpression="attribute_not_exists(dragon_name_str)",
            )
            added += 1
        except dynamodb.exceptions.ConditionalCheckFailedException:
            continue  # on record already
    return added


def listed(api: str) -> Iterator[str]:
    """The name of every dragon that GET /dragons lists, page by page."""
    token: str | None = None
    while True:
        query = {"limit": "200"} | ({"nextToken": token} if token else {})
        answer = requests.get(f"{api}/dragons", params=query, timeout=30)
        answer.raise_for_status()
        body = answer.json()
        yield from (dragon["dragon_name_str"] for dragon in body["dragons"])
        token = body.get("nextToken")
        if token is None:
            return


def wait_until_listed(api: str, names: set[str]) -> None:
    """Wait until the stream has carried dragons into the read model.

    Raises:
        TimeoutError: Some are still missing after a minute.
    """
    deadline = time.monotonic() + LISTED_SECONDS
    while missing := names - set(listed(api)):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(missing)} sample dragons are not listed: see `make logs`")
        time.sleep(0.2)


def main() -> None:
    """Load the samples and say how many were missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoint", required=True, help="URL of the AWS services")
    parser.add_argument("--table", required=True, help="name of the table of dragons")
    parser.add_argument("--api", required=True, help="URL of the REST API's stage")
    arguments = parser.parse_args()
    dynamodb = client("dynamodb", "us-east-1", arguments.endpoint)
    dragons = samples()
    try:
        added = put_missing(dynamodb, arguments.table, dragons)
        wait_until_listed(arguments.api, {dragon["dragon_name_str"] for dragon in dragons})
    except (BotoCoreError, ClientError, requests.RequestException, TimeoutError) as error:
        sys.exit(str(error))
    print(f"{added} of {len(dragons)} added")


if __name__ == "__main__":
    main()
