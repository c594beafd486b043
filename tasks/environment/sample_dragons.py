"""The sample dragons: loaded into an environment's table by `samples/load.py`."""

from collections.abc import Mapping
from typing import Any

from tasks.environment.environment import region_of
from tasks.environment.paths import DEV_PYTHON, ROOT
from tasks.processes.steps import run


def load(outputs: dict[str, Any], env: Mapping[str, str], endpoint: str | None) -> str:
    """Bring the samples in the table up to date; what somebody else wrote stays.

    Args:
        outputs: The environment's.
        env: The environment variables of what talks to its services.
        endpoint: The URL of the local cloud's services; none for AWS itself.

    Returns:
        What became of them; it begins with `0 ` if nothing changed.

    Raises:
        StepError: It failed.
    """
    where = ["--table", outputs["dragons_table"], "--api", outputs["rest_api_url"]]
    where += ["--region", region_of(outputs), *(["--endpoint", endpoint] if endpoint else [])]
    remedy = "`make logs` shows the functions' output" if endpoint else "put right what it says above"
    command = [DEV_PYTHON, "-m", "samples.load", *where]
    shared = {"PYTHONPATH": str(ROOT / "shared")}
    return run(command, cwd=ROOT, env={**env, **shared}, remedy=remedy).strip()
