"""What `make` does around Terraform and a release's commands: before an apply, and after a promotion."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tasks import commands
from tasks.environment.environment import hand_over, variables_for
from tasks.environment.terraform import Root
from tasks.processes.steps import StepError, say, step


def require_percent(text: str) -> None:
    """Make sure that a canary's share is a percentage.

    Raises:
        StepError: It is none.
    """
    try:
        if 0 <= float(text) <= 100:
            return
    except ValueError:
        pass  # no number: refused in the same words
    raise StepError(f"CANARY_PERCENT={text} is no percentage: take a number from 0 to 100")


@contextmanager
def canary(percent: str | None, root: Root, endpoint: str | None) -> Iterator[None]:
    """Prepare a canary for the apply inside; take it back if that apply deploys nothing.

    Args:
        percent: What the new versions get of the API's calls. 0 ends a canary; without it, nothing changes.
        root: The environment's root, initialised.
        endpoint: URL of a local cloud; none for AWS itself.

    Raises:
        StepError: Nothing is deployed yet that could serve the other calls.
    """
    outputs = {} if percent is None else root.outputs()
    deployed = outputs.keys() >= commands.OUTPUTS
    if percent is None or (float(percent) == 0 and not deployed):
        yield
        return
    if not deployed:
        raise StepError(
            f"CANARY_PERCENT={percent}: nothing is deployed that could serve the other calls",
            "deploy once without CANARY_PERCENT",
        )
    env = variables_for(endpoint)
    with tempfile.TemporaryDirectory() as folder:
        memo = ["--memo", str(Path(folder) / "before.json")]
        hand_over(commands.release("canary", outputs, endpoint, "--percent", percent, *memo), env)
        try:
            yield
        except (StepError, KeyboardInterrupt):
            hand_over(commands.release("restore", outputs, endpoint, *memo), env, after_signal=True)
            raise


def move(action: str, root: Root, outputs: Mapping[str, Any], endpoint: str | None) -> None:
    """Promote or roll back; then bring the outputs in Terraform's state up to date, so that a plan is clean.

    Args:
        action: `promote` or `rollback`.
        root: The environment's root, initialised.
        outputs: Its outputs.
        endpoint: URL of a local cloud; none for AWS itself.

    Raises:
        StepError: The aliases are where they should be, and the outputs are not.
    """
    hand_over(commands.release(action, outputs, endpoint), variables_for(endpoint))
    with step("terraform outputs"):
        root.refresh()


def tell_pinned(outputs: Mapping[str, Any]) -> None:
    """Say which functions an apply left behind the newest versions, and how to go on."""
    if outputs["canary_percent"]:
        say(f"canary: {outputs['canary_percent']:g} % of the REST API's calls go to the newest versions")
    if outputs["pinned"]:
        pins = ", ".join(f"{name} at {version}" for name, version in outputs["pinned"].items())
        say(f"pinned: {pins}; `make promote` goes on to the newest versions")
