"""`make watch`: code is built and replaced on the local cloud as its files are saved."""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from tasks.code.deployed import TERRAFORM_NEXT, DeployedCode, Manifest, read_manifest
from tasks.code.files import changes
from tasks.deploy import deployed_code
from tasks.environment import applied, variables
from tasks.environment.environment import Environment
from tasks.environment.paths import ROOT, TERRAFORM
from tasks.processes.steps import say

LOCAL_ONLY = "to deploy a function to {env}, `make deploy FUNCTION=<name> ENV={env}`"

_CODE = ("functions", "shared", "layers")
_BY_TERRAFORM = {".tf", ".tftpl", ".vtl"}


def run(environment: Environment, _arguments: argparse.Namespace) -> None:
    """Watch until Ctrl-C; an error is said, and the next save tries again.

    Raises:
        StepError: The local cloud does not run, or the system is not deployed.
    """
    environment.enter_tools()
    code = deployed_code(environment)
    try:
        for paths in changes([*(ROOT / name for name in _CODE), TERRAFORM]):
            if not paths:
                _replace(environment, code, "at the start")
                say(f"watching {', '.join(_CODE)} and terraform; Ctrl-C ends it ({TERRAFORM_NEXT})")
            _tell_of_terraform(paths)
            _tell_of_the_edge(paths)
            if any(path.relative_to(ROOT).parts[0] in _CODE for path in paths):
                _replace(environment, code, _named(paths))
    except KeyboardInterrupt:
        say("stopped")


def _replace(environment: Environment, code: DeployedCode, cause: str) -> None:
    """Build, and replace what is not what was built; a line for each change."""
    began = time.monotonic()
    if not _build():
        return
    try:
        manifest = read_manifest()
        stale = code.stale(manifest)
        if stale:
            applied.forget(environment.cloud)
        told = list(_replaced(code, stale, manifest))
    except Exception as error:  # whatever it is, the next save may fix it
        say(f"{_now()} {cause}: {error}", error=True)
        return
    if told:
        say(f"{_now()} {cause}: {', '.join(told)} ({time.monotonic() - began:.1f} s)")


def _replaced(code: DeployedCode, names: list[str], manifest: Manifest) -> Iterator[str]:
    def replace(name: str) -> str:
        code.require(name)
        version = code.publish(name, manifest)
        code.serve(name, version)
        return f"{name} {version}"

    with ThreadPoolExecutor(4) as side_by_side:
        yield from side_by_side.map(replace, names)


def _build() -> bool:
    """Package; what is wrong is said in build.py's own words."""
    done = subprocess.run(
        [sys.executable, ROOT / "build.py"],
        cwd=ROOT,
        env=variables.for_downloads(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        say(f"{_now()} {done.stderr.strip()}", error=True)
    return done.returncode == 0


def _tell_of_terraform(paths: list[Path]) -> None:
    named = [path for path in paths if path.is_relative_to(TERRAFORM) and path.suffix in _BY_TERRAFORM]
    if named:
        say(f"{_now()} {_named(named)}: `make apply` takes it over")


def _tell_of_the_edge(paths: list[Path]) -> None:
    """Say what of the saved code a distribution names by its version, which an apply alone publishes."""
    parts = {path.relative_to(ROOT).parts[:2] for path in paths}
    names = sorted(name for folder, name in parts if (ROOT / folder / name / "edge.txt").is_file())
    if names:
        say(f"{_now()} {', '.join(names)}: at the edge; `make apply` publishes it")


def _named(paths: list[Path]) -> str:
    first = str(paths[0].relative_to(ROOT))
    return first if len(paths) == 1 else f"{first} and {len(paths) - 1} more"


def _now() -> str:
    return f"{datetime.now():%H:%M:%S}"
