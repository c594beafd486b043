"""Command lines of what runs under the project's own interpreter, since it needs boto3."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from localcloud.paths import DEV_PYTHON

Command = list[str | Path]

OUTPUTS = {"functions", "canary_percent", "partners_table", "partners_usage_plan_id", "report_dragon_arn"}
"""The Terraform outputs that releases and partners need."""


def load_samples(outputs: Mapping[str, Any], endpoint: str) -> Command:
    """Put the sample dragons into an environment's table."""
    where = ["--table", outputs["dragons_table"], "--api", outputs["rest_api_url"]]
    return _command("samples.load", endpoint, *where)


def release(action: str, outputs: Mapping[str, Any], endpoint: str | None) -> Command:
    """Deploy, promote or roll back an environment's functions.

    Args:
        action: `deploy`, `promote` or `rollback`.
        outputs: Terraform's.
        endpoint: URL of a local cloud; none for AWS itself.
    """
    functions, percent = json.dumps(outputs["functions"]), str(outputs["canary_percent"])
    return _command("release", endpoint, action, "--functions", functions, "--canary-percent", percent)


def partner(name: str, outputs: Mapping[str, Any], endpoint: str | None) -> Command:
    """Onboard a partner of an environment."""
    where = ["--table", outputs["partners_table"], "--usage-plan", outputs["partners_usage_plan_id"]]
    region = outputs["report_dragon_arn"].split(":")[3]
    return _command("partner", endpoint, f"--name={name}", *where, "--region", region)


def _command(module: str, endpoint: str | None, *words: str) -> Command:
    where = ["--endpoint", endpoint] if endpoint else []
    return [DEV_PYTHON, "-m", f"localcloud.{module}", *words, *where]
