"""`make release`: a version of the project, with checksums and bills of materials of what it deploys."""

import argparse
import datetime
import json
import re
import subprocess
from pathlib import Path

from tasks.environment import tools, variables
from tasks.environment.build import build
from tasks.environment.environment import Environment
from tasks.environment.paths import RELEASE_PYTHON, ROOT
from tasks.processes.steps import StepError, say, step
from tasks.processes.steps import run as run_tool

LOCAL_ONLY = "leave ENV out"
ANY_PORT = True

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")  # https://semver.org, without pre-releases
_UNRELEASED = "## Unreleased\n"
_RELEASED = re.compile(r"(?m)^## (\d+\.\d+\.\d+) - ")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the version."""
    parser.add_argument("--version", default="", help="the next one, such as 1.1.0 (https://semver.org)")


def run(_environment: Environment, arguments: argparse.Namespace) -> None:
    """Write the version into CHANGELOG.md and pyproject.toml, and what it consists of into dist/release.

    Nothing is committed, tagged or sent: the commands for that are printed.

    Raises:
        StepError: The version is not one, or not above the last; there is nothing to release; the tree is not
            clean.
    """
    version = arguments.version
    changelog, project = ROOT / "CHANGELOG.md", ROOT / "pyproject.toml"
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    noted = released(changelog.read_text(encoding="utf-8"), version, today)
    if subprocess.check_output(["git", "status", "--porcelain"], cwd=ROOT):
        raise StepError("there are changes that are not committed", "commit them first")
    build()
    with step("tools for a release") as note:
        note("installed" if tools.install("release") else "up to date")
    with step("dist/release: checksums and bills of materials"):
        describe(ROOT / "dist" / "release", version)
    changelog.write_text(noted, encoding="utf-8")
    text = project.read_text(encoding="utf-8")
    project.write_text(re.sub(r'(?m)^version = ".*"$', f'version = "{version}"', text, count=1))
    say(f"next:  git commit -am 'Release {version}' && git tag -a v{version} -m 'Release {version}'")


def released(changelog: str, version: str, date: str) -> str:
    """Give what a changelog has under `Unreleased` a version.

    Args:
        changelog: In the form of https://keepachangelog.com.
        version: By semantic versioning.
        date: In ISO 8601.

    Raises:
        StepError: The version is not one, or not above the last; or nothing is unreleased.
    """
    if not _VERSION.fullmatch(version):
        raise StepError(
            f"VERSION={version} is not a version", "take one of https://semver.org, such as VERSION=1.1.0"
        )
    last = max((_numbers(each) for each in _RELEASED.findall(changelog)), default=(0, 0, 0))
    if _numbers(version) <= last:
        raise StepError(f"VERSION={version} is not above {'.'.join(map(str, last))}, the last one")
    before, found, rest = changelog.partition(_UNRELEASED)
    if not found or not rest.partition("\n## ")[0].strip():
        raise StepError("CHANGELOG.md has nothing under `## Unreleased`", "write there what users notice")
    return f"{before}{_UNRELEASED}\n## {version} - {date}\n{rest}"


def describe(folder: Path, version: str) -> None:
    """Write `SHA256SUMS` of the zips, and a CycloneDX bill of materials for each that has a lock."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = json.loads((ROOT / "dist" / "manifest.json").read_text(encoding="utf-8"))
    sums = []
    for kind in ("functions", "layers"):
        for name, artifact in sorted(manifest[kind].items()):
            sums.append(f"{artifact['sha256']}  {Path(artifact['path']).relative_to('dist')}\n")
            lock = ROOT / kind / name / "requirements.txt"
            if lock.is_file():
                _bill(lock, folder / f"{name}.cdx.json", version)
    (folder / "SHA256SUMS").write_text("".join(sums))


def _bill(lock: Path, target: Path, version: str) -> None:
    """Have CycloneDX's own tool write it: https://cyclonedx.org/docs/1.6/json."""
    options: list[str | Path] = ["--output-reproducible", "--output-format", "JSON", "--output-file", target]
    run_tool(
        [RELEASE_PYTHON, "-m", "cyclonedx_py", "requirements", *options, lock],
        cwd=ROOT,
        env=variables.of_caller(),
    )
    bill = json.loads(target.read_text())
    bill["metadata"]["component"] = {"type": "library", "name": lock.parent.name, "version": version}
    target.write_text(json.dumps(bill, indent=2, sort_keys=True) + "\n")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
