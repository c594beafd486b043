"""Release an environment's functions: prepare a canary, promote, roll back.

`.venv/bin/python -m tasks.release canary|restore|promote|rollback --functions JSON ...`, with outputs
of Terraform. `canary` writes what was there before to the file of `--memo`; `restore` brings that back.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tasks.clients import add_endpoint, client
from tasks.release.actions import Release
from tasks.release.aliases import FunctionAliases
from tasks.release.moves import ReleaseError, Routing
from tasks.release.parameters import ReleaseParameters
from tasks.release.stage import Stage


def main() -> None:
    """Run an action and print what it changed."""
    parser = argparse.ArgumentParser(prog="python -m tasks.release", description=__doc__)
    parser.add_argument("action", choices=["canary", "restore", "promote", "rollback"])
    parser.add_argument("--functions", required=True, type=json.loads, help="the Terraform output, as JSON")
    parser.add_argument("--parameter-path", required=True, help="the Terraform output")
    parser.add_argument("--rest-api-id", required=True, help="the Terraform output")
    parser.add_argument("--rest-api-stage", required=True, help="the Terraform output")
    parser.add_argument("--percent", type=float, default=0, help="of the API's calls that a canary gets")
    parser.add_argument("--memo", type=Path, help="file for what was there before a canary")
    add_endpoint(parser)
    arguments = parser.parse_args()
    try:
        print(_run(arguments))
    except (BotoCoreError, ClientError, ReleaseError) as error:
        sys.exit(f"error: {error}")


def _run(arguments: argparse.Namespace) -> str:
    release = _read(arguments)
    if arguments.action == "canary":
        _write_memo(arguments.memo, release)
        return release.canary(arguments.percent)
    if arguments.action == "restore":
        memo = json.loads(arguments.memo.read_text())
        return release.restore(Routing(memo["pins"], memo["share"]), memo["newest"])
    return release.promote() if arguments.action == "promote" else release.rollback()


def _read(arguments: argparse.Namespace) -> Release:
    region = next(iter(arguments.functions.values())).split(":")[3]

    def of(service: str) -> Any:
        return client(service, region, arguments.endpoint)

    return Release(
        FunctionAliases(of("lambda"), arguments.functions),
        ReleaseParameters(of("ssm"), arguments.parameter_path),
        Stage(of("apigateway"), arguments.rest_api_id, arguments.rest_api_stage),
    )


def _write_memo(path: Path | None, release: Release) -> None:
    if path is not None:
        system = release.system
        memo = {"pins": system.routing.pins, "share": system.routing.share, "newest": system.newest}
        path.write_text(json.dumps(memo))


if __name__ == "__main__":
    main()
