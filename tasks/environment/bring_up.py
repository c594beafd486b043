"""`make up`: from a fresh clone to a system that answers, and nothing twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from tasks.environment import applied, sample_dragons, site, tools, variables
from tasks.environment.build import build
from tasks.environment.cloud import Cloud
from tasks.environment.terraform import Root
from tasks.processes import children
from tasks.processes.steps import StepError, step

_BEGUN, _ENDED = "begun", "ended"


def bring_up(cloud: Cloud, root: Root) -> tuple[dict[str, Any], bool]:
    """Install, build, start, apply and load, whichever of them is needed.

    Args:
        cloud: Where to deploy to. If it had to be started, it is tied to this process.
        root: What to deploy; its state is discarded if the cloud had to be started.

    Returns:
        The root's outputs, and whether anything changed.

    Raises:
        StepError: A step failed; running it again goes on from there.
        Interrupted: A signal came; a cloud that was started for this run is stopped again.
    """
    tools.find_terraform()
    cloud.require_port()
    before = cloud.pid()
    try:
        return _bring_up(cloud, root)
    except KeyboardInterrupt:
        if cloud.pid() not in (None, before):
            cloud.stop()
            root.discard_state()
        raise


def _bring_up(cloud: Cloud, root: Root) -> tuple[dict[str, Any], bool]:
    changes: list[bool] = []
    with step("tools for the local cloud") as note:
        changes.append(tools.install("localstack", "lambda"))
        note("installed" if changes[-1] else "up to date")
    with ThreadPoolExecutor() as side_by_side:
        started = side_by_side.submit(_start, cloud, root)
        prepared = [side_by_side.submit(each) for each in (_install_dev, build)]
        initialised = side_by_side.submit(_init, root) if applied.recall(cloud, root) is None else None
        changes += [started.result(), *(each.result() for each in prepared)]
        if initialised is not None:
            initialised.result()
    outputs = applied.recall(cloud, root)
    if outputs is None:
        if initialised is None:  # what was built or started just now is to be applied
            _init(root)
        changes.append(_apply(cloud, root))
        outputs = root.outputs()
        applied.remember(cloud, root, outputs)
    changes += [_load_samples(cloud, outputs), _publish_site(cloud, outputs)]
    return outputs, any(changes)


@contextmanager
def applying(cloud: Cloud) -> Iterator[None]:
    """Note that an apply has begun, and that it came to its end, good or bad.

    What a killed one created may be in no state.
    """
    mark = cloud.folder / "apply"
    mark.write_text(_BEGUN)
    killed = False
    try:
        yield
    except (StepError, children.Interrupted) as error:
        killed = (error.code or 0) < 0
        raise
    finally:
        if not killed:
            mark.write_text(_ENDED)


def _start(cloud: Cloud, root: Root) -> bool:
    """Start the cloud, unless one runs that can be gone on with."""
    with step(f"local cloud on {cloud.endpoint}") as note:
        there = cloud.pid() is not None
        fault = _fault(cloud, root) if there else ""
        if there and not fault:
            note("running already" if cloud.current() else _OUTDATED)
            return False
        cloud.stop()
        root.discard_state()
        cloud.start()
        cloud.wait()
        note(f"started anew, from the samples: {fault}" if there else "started")
        return True


_OUTDATED = (
    "running already, as it was before a change of the plugin or of a setting; "
    "`make down` and `make up` start it anew, from the samples"
)


def _fault(cloud: Cloud, root: Root) -> str:
    """Why a cloud that is there cannot be gone on with; empty if it can."""
    mark = cloud.folder / "apply"
    if not cloud.running():
        return "it did not answer"
    if not mark.exists():
        return ""  # nothing was applied yet
    if mark.read_text() != _ENDED:
        return "an apply was killed, and what it had made is not known"
    return "" if root.has_state() else f"{root.state_file} is missing or cannot be read"


def _install_dev() -> bool:
    with step("tools in .venv") as note:
        installed = tools.install("dev")
        note("installed" if installed else "up to date")
        return installed


def _init(root: Root) -> None:
    with step("terraform init"):
        root.init()


def _apply(cloud: Cloud, root: Root) -> bool:
    with step("terraform apply") as note:
        with applying(cloud):
            printed = root.apply(auto_approve=True)
        summary = next(line for line in printed.splitlines() if line.startswith(("No changes", "Apply comp")))
        note(summary.rstrip("."))
        return not summary.startswith("No changes")


def _load_samples(cloud: Cloud, outputs: dict[str, Any]) -> bool:
    with step("sample dragons") as note:
        added = sample_dragons.load(outputs, variables.for_local_cloud(), cloud.endpoint)
        note(added)
        return not added.startswith("0 ")


def _publish_site(cloud: Cloud, outputs: dict[str, Any]) -> bool:
    with step("site") as note:
        said = site.publish(outputs, variables.for_local_cloud(), cloud.endpoint)
        note(said)
        return not said.startswith("unchanged")
