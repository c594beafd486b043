"""Command lines of what runs under the project's own interpreter."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tasks.environment.paths import DEV_PYTHON, ROOT

Command = list[str | Path]

OUTPUTS = {
    "canary_percent",
    "functions",
    "hosted_ui_url",
    "parameter_path",
    "partners_table",
    "partners_usage_plan_id",
    "pinned",
    "report_dragon_arn",
    "rest_api_id",
    "rest_api_stage",
    "user_pool_client_id",
    "user_pool_id",
}
"""The Terraform outputs that commands need."""

BENCHMARKS = ("build", "coldstart", "soak")
"""The parts of the benchmarks."""


def load_samples(outputs: Mapping[str, Any], endpoint: str) -> Command:
    """Put the sample dragons into an environment's table."""
    where = ["--table", outputs["dragons_table"], "--api", outputs["rest_api_url"]]
    return _command("samples.load", endpoint, *where)


def release(action: str, outputs: Mapping[str, Any], endpoint: str | None, *options: str) -> Command:
    """Prepare a canary, promote or roll back an environment's functions.

    Args:
        action: `canary`, `restore`, `promote` or `rollback`.
        outputs: Terraform's.
        endpoint: URL of a local cloud; none for AWS itself.
        options: The action's own.
    """
    where = ["--functions", json.dumps(outputs["functions"]), "--parameter-path", outputs["parameter_path"]]
    stage = ["--rest-api-id", outputs["rest_api_id"], "--rest-api-stage", outputs["rest_api_stage"]]
    return _command("tasks.release", endpoint, action, *where, *stage, *options)


def partner(name: str, outputs: Mapping[str, Any], endpoint: str | None) -> Command:
    """Onboard a partner of an environment."""
    where = ["--table", outputs["partners_table"], "--usage-plan", outputs["partners_usage_plan_id"]]
    return _command("tasks.partner", endpoint, f"--name={name}", *where, "--region", region_of(outputs))


def sign_in(user: str, kind: str, outputs: Mapping[str, Any], endpoint: str | None) -> Command:
    """Sign somebody in, and print their token of a kind, `id` or `access`."""
    where = ["--pool", outputs["user_pool_id"], "--client", outputs["user_pool_client_id"]]
    who = [f"--user={user}", "--kind", kind]
    return _command("tasks.token", endpoint, *who, *where, "--region", region_of(outputs))


def bench(part: str) -> Command:
    """Run a part of the benchmarks; all of them if it is empty."""
    parts = [part] if part else BENCHMARKS
    return ["env", f"PYTHONPATH={ROOT / 'tests'}", DEV_PYTHON, "-m", "bench", *parts]


def region_of(outputs: Mapping[str, Any]) -> str:
    """The region of an environment."""
    region: str = outputs["report_dragon_arn"].split(":")[3]
    return region


def _command(module: str, endpoint: str | None, *words: str) -> Command:
    where = ["--endpoint", endpoint] if endpoint else []
    return [DEV_PYTHON, "-m", module, *words, *where]
