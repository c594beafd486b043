"""Bring the sample dragons in the table up to date, and wait until GET /dragons lists them so.

Run with the project's own interpreter: `PYTHONPATH=shared .venv/bin/python -m samples.load --table NAME
--api URL --region REGION`, with `--endpoint URL` where it is not AWS itself. The line that it prints begins
with `0 ` if it changed nothing.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import boto3
import requests
from botocore.exceptions import BotoCoreError, ClientError

from samples.upkeep import Dragon, Outcome, Samples
from tasks.environment.paths import ROOT

SAMPLES = Path(__file__).with_name("dragons.json")
SCHEMA = ROOT / "shared" / "dragons" / "schemas" / "dragon.json"
LISTED_SECONDS = 60.0


def samples() -> list[Dragon]:
    """The sample dragons, in the record's shape; DynamoDB's numbers are decimal."""
    found: list[Dragon] = json.loads(SAMPLES.read_text(encoding="utf-8"), parse_float=Decimal)
    return found


def listed(api: str) -> dict[str, Dragon]:
    """Every dragon that GET /dragons lists, by name."""
    found: dict[str, Dragon] = {}
    token: str | None = None
    while True:
        query = {"limit": "200"} | ({"nextToken": token} if token else {})
        answer = requests.get(f"{api}/dragons", params=query, timeout=30)
        answer.raise_for_status()
        body = answer.json(parse_float=Decimal)
        found |= {dragon["dragon_name_str"]: dragon for dragon in body["dragons"]}
        token = body.get("nextToken")
        if token is None:
            return found


def wait_until_listed(api: str, dragons: list[Dragon], outcomes: Mapping[Outcome, list[str]]) -> None:
    """Wait until the stream has carried the samples into the read model.

    Raises:
        TimeoutError: After a minute, some are missing, are not as they were written, or not gone.
    """
    deadline = time.monotonic() + LISTED_SECONDS
    while behind := _behind(listed(api), dragons, outcomes):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(behind)} sample dragons are not listed as they are: see `make logs`")
        time.sleep(0.2)


def _behind(
    found: Mapping[str, Dragon], dragons: list[Dragon], outcomes: Mapping[Outcome, list[str]]
) -> set[str]:
    """The names of the samples that are not listed yet as they were written, or are listed still."""
    fields = json.loads(SCHEMA.read_text(encoding="utf-8"))["properties"]
    shown = {
        each["dragon_name_str"]: {name: each[name] for name in fields if name in each} for each in dragons
    }
    written = [*outcomes["added"], *outcomes["updated"]]
    return {
        *(name for name in written if found.get(name) != shown[name]),
        *(name for name in outcomes["unchanged"] if name not in found),
        *(name for name in outcomes["removed"] if name in found),
    }


def told(outcomes: Mapping[Outcome, list[str]], count: int) -> str:
    """Say what became of the samples: what changed first, and always how many of them were added."""
    said = [f"{len(outcomes[each])} {each}" for each in ("updated", "removed") if outcomes[each]]
    said.append(f"{len(outcomes['added'])} of {count} added")
    if kept := outcomes["kept"]:
        some = ", ".join(kept[:3]) + (", ..." if len(kept) > 3 else "")
        said.append(f"{len(kept)} left as somebody else wrote them: {some}")
    return ", ".join(said)


def main() -> None:
    """Load the samples and say what that changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--region", required=True, help="of AWS")
    parser.add_argument("--endpoint", help="URL of the AWS services (default: AWS's own)")
    parser.add_argument("--table", required=True, help="name of the table of dragons")
    parser.add_argument("--api", required=True, help="URL of the REST API's stage")
    arguments = parser.parse_args()
    dynamodb = boto3.client("dynamodb", region_name=arguments.region, endpoint_url=arguments.endpoint)
    dragons = samples()
    try:
        outcomes = Samples(dynamodb, arguments.table).bring_up_to_date(dragons)
        wait_until_listed(arguments.api, dragons, outcomes)
    except (BotoCoreError, ClientError, requests.RequestException, TimeoutError) as error:
        sys.exit(str(error))
    print(told(outcomes, len(dragons)))


if __name__ == "__main__":
    main()
