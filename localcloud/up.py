"""`make up`: from a fresh clone to a system that answers, and nothing twice."""

import fcntl
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from localcloud import commands, tools
from localcloud.cloud import Cloud
from localcloud.paths import LOCAL, ROOT
from localcloud.steps import StepError, run, say, step
from localcloud.terraform import Root


def bring_up(cloud: Cloud, root: Root) -> tuple[dict[str, Any], bool]:
    """Install, build, start, apply, deploy and load, whichever of them is needed.

    Args:
        cloud: Where to deploy to.
        root: What to deploy; its state is discarded if the cloud had to be started.

    Returns:
        The root's outputs, and whether anything changed.

    Raises:
        StepError: A step failed; running it again goes on from there.
    """
    tools.find_terraform()
    cloud.require_port()
    changes: list[bool] = []
    with _alone(cloud.folder):
        with step("tools for the local cloud") as note:
            changes.append(tools.install("localstack", "lambda"))
            note("installed" if changes[-1] else "up to date")
        with ThreadPoolExecutor() as side_by_side:
            started = side_by_side.submit(_start, cloud, root)
            prepared = [side_by_side.submit(each) for each in (_install_dev, _build)]
            initialised = side_by_side.submit(_init, root)
            changes += [started.result(), *(each.result() for each in prepared)]
            initialised.result()
        changes.append(_apply(cloud, root))
        outputs = root.outputs()
        changes += [_deploy(cloud, outputs), _load_samples(cloud, outputs)]
    return outputs, any(changes)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep a second run of the same cloud out."""
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / f"{folder.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StepError("another run is at work in this checkout: wait for it to end") from error
        yield


def _start(cloud: Cloud, root: Root) -> bool:
    """Start the cloud unless one runs that answers, is up to date, and whose last apply came to its end."""
    with step(f"local cloud on {cloud.endpoint}") as note:
        running = cloud.running()
        outdated = running and not cloud.current()
        if running and not outdated and not _applying(cloud).exists():
            note("running already")
            return False
        cloud.stop()
        root.discard_state()
        cloud.start()
        cloud.wait()
        note("started anew, since the plugin or a setting has changed" if outdated else "started")
        return True


def _install_dev() -> bool:
    with step("tools in .venv") as note:
        installed = tools.install("dev")
        note("installed" if installed else "up to date")
        return installed


def _build() -> bool:
    with step("build.py") as note:
        printed = run([sys.executable, ROOT / "build.py"], cwd=ROOT, remedy="mend it and run it again")
        note(printed.strip().splitlines()[-1])
        return not printed.strip().splitlines()[-1].startswith("0 built")


def _init(root: Root) -> None:
    with step("terraform init"):
        root.init()


def _apply(cloud: Cloud, root: Root) -> bool:
    """Apply; a killed run leaves its mark, since what it created may be in no state."""
    with step("terraform apply") as note:
        _applying(cloud).touch()
        try:
            printed = root.apply()
        finally:
            _applying(cloud).unlink(missing_ok=True)
        summary = next(line for line in printed.splitlines() if line.startswith(("No changes", "Apply comp")))
        note(summary.rstrip("."))
        return not summary.startswith("No changes")


def _deploy(cloud: Cloud, outputs: dict[str, Any]) -> bool:
    with step("aliases") as note:
        printed = run(commands.release("deploy", outputs, cloud.endpoint), cwd=ROOT, remedy="run it again")
        *moved, count = printed.splitlines()
        for move in moved:
            say(f"      {move}")
        note(count)
        return bool(moved)


def _load_samples(cloud: Cloud, outputs: dict[str, Any]) -> bool:
    with step("sample dragons") as note:
        command = commands.load_samples(outputs, cloud.endpoint)
        added = run(command, cwd=ROOT, remedy="`make logs` shows the functions' output").strip()
        note(added)
        return not added.startswith("0 ")


def _applying(cloud: Cloud) -> Path:
    return cloud.folder / "applying"
