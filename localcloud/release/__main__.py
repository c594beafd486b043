"""Move the aliases of an environment's functions.

`.venv/bin/python -m localcloud.release deploy|promote|rollback --functions JSON`, where JSON is Terraform's
output `functions`. Prints each move, and at the end how many there were.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from localcloud.clients import add_endpoint, client
from localcloud.release import moves
from localcloud.release.aliases import FunctionAliases


def release(action: str, lambda_client: Any, functions: Mapping[str, str], canary_percent: float) -> str:
    """Deploy, promote or roll back all functions of an environment.

    Args:
        action: `deploy`, `promote` or `rollback`.
        lambda_client: A client of Lambda.
        functions: The ARN of each function's `live` alias, by the name of its folder.
        canary_percent: Above 0, deploy tries the newest versions as a canary.

    Returns:
        A line for each alias that moved, and one with their number.

    Raises:
        ReleaseError: Nothing was moved, and why; or what could not be put back.
    """
    aliases = FunctionAliases(lambda_client, functions)
    now = aliases.read()
    if action == "deploy":
        target = moves.deploy(now, aliases.newest(), canary_percent)
    else:
        target = moves.promote(now) if action == "promote" else moves.rollback(now)
    moved = aliases.move(target)
    count = "1 alias moved" if len(moved) == 1 else f"{len(moved)} aliases moved"
    return "\n".join([*map(str, moved), count])


def main() -> None:
    """Run an action and print what it moved."""
    parser = argparse.ArgumentParser(prog="python -m localcloud.release", description=__doc__)
    parser.add_argument("action", choices=["deploy", "promote", "rollback"])
    parser.add_argument("--functions", required=True, type=json.loads, help="the Terraform output, as JSON")
    parser.add_argument(
        "--canary-percent", type=float, default=0, help="what the API's stage sends to canary"
    )
    add_endpoint(parser)
    arguments = parser.parse_args()
    region = next(iter(arguments.functions.values())).split(":")[3]
    lambda_client = client("lambda", region, arguments.endpoint)
    try:
        print(release(arguments.action, lambda_client, arguments.functions, arguments.canary_percent))
    except (BotoCoreError, ClientError, moves.ReleaseError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
