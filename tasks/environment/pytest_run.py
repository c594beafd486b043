"""pytest, with the system that the end-to-end tests are shown."""

import json
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tasks.environment import variables
from tasks.environment.environment import region_of
from tasks.environment.paths import DEV_PYTHON, LOCAL, ROOT
from tasks.environment.terraform import Root
from tasks.processes import children

FOLDER = LOCAL / "test"
"""Where the suite keeps its cloud and its files."""

SECOND = FOLDER.with_name("test-releases")
"""And those of the system that its tests may change."""


def run_pytest(
    words: list[str],
    outputs: dict[str, Any],
    endpoint: str | None,
    log: Path | None,
    root: Root | None = None,
) -> bool:
    """Run pytest on this terminal, with a system as `environment_of` tells it."""
    env = environment_of(FOLDER, outputs, endpoint, log, root)
    return children.run_to_end(command(words), cwd=ROOT, env=env, stdin=subprocess.DEVNULL) == 0


def command(words: list[str]) -> list[str | Path]:
    """What runs pytest."""
    return [DEV_PYTHON, "-m", "pytest", "--durations=10", *words]


def environment_of(
    folder: Path,
    outputs: dict[str, Any],
    endpoint: str | None,
    log: Path | None,
    root: Root | None = None,
) -> dict[str, str]:
    """Tell the end-to-end tests of a system.

    They find it in `DRAGONS_OUTPUTS`, in `DRAGONS_CLOUD_LOG` what a local cloud of ours has logged, and in
    `DRAGONS_TERRAFORM` the root of a system that they may apply to.

    Args:
        folder: Where the outputs are written.
        outputs: The system's.
        endpoint: That of all AWS services; AWS itself if there is none.
        log: Of the local cloud.
        root: What the system was applied from.
    """
    folder.mkdir(parents=True, exist_ok=True)
    where = folder / "outputs.json"
    where.write_text(json.dumps(outputs))
    env = variables.for_aws()
    if endpoint is not None:
        env = variables.for_downloads() | variables.for_local_cloud() | {"AWS_ENDPOINT_URL": endpoint}
    env |= {"DRAGONS_OUTPUTS": str(where), "AWS_DEFAULT_REGION": region_of(outputs)}
    if log is not None:
        env["DRAGONS_CLOUD_LOG"] = str(log)
    if root is not None:
        env["DRAGONS_TERRAFORM"] = json.dumps(asdict(root), default=str)
    return env
