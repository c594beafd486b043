"""The site of the local cloud: published by `tasks.publishing` as `make site` publishes anywhere."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tasks.environment.environment import region_of
from tasks.environment.paths import DEV_PYTHON, ROOT
from tasks.processes.steps import run

NEEDED = ("hosted_ui_url", "parameter_path", "site", "user_pool_client_id")


def publish(outputs: dict[str, Any], env: Mapping[str, str], endpoint: str) -> str:
    """Publish what `site/` holds, where that is not what is live.

    Args:
        outputs: The environment's.
        env: The environment variables of what talks to its services.
        endpoint: The URL of the local cloud's services.

    Returns:
        What came of it; it begins with `unchanged` if nothing was to be done.

    Raises:
        StepError: It failed.
    """
    told = json.dumps({name: outputs[name] for name in NEEDED if name in outputs})
    where = ["--region", region_of(outputs), "--endpoint", endpoint]
    command: list[str | Path] = [DEV_PYTHON, "-m", "tasks.publishing", "--outputs", told, *where]
    printed = run(command, cwd=ROOT, env=env, remedy="`make site` tries it again")
    return printed.strip().rpartition("\n")[2]
