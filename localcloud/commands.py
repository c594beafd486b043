"""Command lines of what runs under the project's own interpreter."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from localcloud.paths import DEV_PYTHON, ROOT

Command = list[str | Path]

OUTPUTS = {
    "canary_percent",
    "functions",
    "hosted_ui_url",
    "partners_table",
    "partners_usage_plan_id",
    "report_dragon_arn",
    "user_pool_client_id",
    "user_pool_id",
}
"""The Terraform outputs that commands need."""

BENCHMARKS = ("build", "coldstart")
"""The parts of the benchmarks."""


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
    return _command("partner", endpoint, f"--name={name}", *where, "--region", region_of(outputs))


def sign_in(user: str, kind: str, outputs: Mapping[str, Any], endpoint: str | None) -> Command:
    """Sign somebody in, and print their token of a kind, `id` or `access`."""
    where = ["--pool", outputs["user_pool_id"], "--client", outputs["user_pool_client_id"]]
    who = [f"--user={user}", "--kind", kind]
    return _command("sign_in", endpoint, *who, *where, "--region", region_of(outputs))


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
    return [DEV_PYTHON, "-m", f"localcloud.{module}", *words, *where]
