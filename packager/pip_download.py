"""Fetches the wheels of a lock with pip."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from packager.artefact import Target
from packager.errors import BuildError
from packager.lock import Lock

# Lambda's Python runtimes since 3.12 run on Amazon Linux 2023, which has glibc 2.34
# (docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, docs.aws.amazon.com/linux/al2023/release-notes).
_GLIBC_MINOR = 34
_LINUX_MACHINE = {"x86_64": "x86_64", "arm64": "aarch64"}
_OLDEST_GLIBC_MINOR = {"x86_64": 5, "arm64": 17}
_LEGACY_NAMES = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}

_NO_WHEEL = re.compile(r"No matching distribution found for (\S+)")
_WRONG_HASH = re.compile(r"^\s+(\S+==\S+) from ", re.MULTILINE)


def platforms(target: Target) -> list[str]:
    """The platform tags that Lambda can load, the newest first, as PEP 600 and pip want them."""
    machine = _LINUX_MACHINE[target.architecture]
    tags = []
    for minor in range(_GLIBC_MINOR, _OLDEST_GLIBC_MINOR[target.architecture] - 1, -1):
        tags.append(f"manylinux_2_{minor}_{machine}")
        if minor in _LEGACY_NAMES:
            tags.append(f"{_LEGACY_NAMES[minor]}_{machine}")
    return tags


def download(lock: Lock, target: Target, folder: Path) -> None:
    """Download the wheels of `lock` for `target` into `folder`.

    Raises:
        BuildError: there is no pip, or pip failed.
    """
    print(f"{lock.label}: fetching wheels ({len(lock.requirements)}), once per lock", flush=True)
    abi = f"cp{target.python.replace('.', '')}"
    command = [
        *(_pip()),
        *("download", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"),
        # The lock is complete. pip would judge the markers of further ones by its own Python.
        *("--no-deps", "--require-hashes", "--only-binary", ":all:"),
        *("--implementation", "cp", "--python-version", target.python),
        *("--abi", abi, "--abi", "abi3", "--abi", "none"),
        *(argument for tag in platforms(target) for argument in ("--platform", tag)),
        *("--dest", str(folder), "--requirement", str(lock.path)),
    ]
    result = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if result.returncode:
        raise BuildError(f"{lock.label}: {explain(result.stderr, target)}")


def explain(stderr: str, target: Target) -> str:
    """Say in one line why pip failed, given what it wrote to standard error."""
    wrong = _WRONG_HASH.findall(stderr)
    if wrong:
        return (
            f"the file of {', '.join(wrong)} matches none of its hashes; lock it anew, and if it "
            "still differs do not trust it"
        )
    retries = [line for line in stderr.splitlines() if "Retrying (" in line]
    if retries:
        reason = retries[-1].split(" after ")[-1].strip()
        return f"pip cannot reach its package index; check the network: {reason}"
    missing = _NO_WHEEL.findall(stderr)
    if missing:
        return (
            f"{missing[0]} has no wheel for python{target.python} on {target.architecture} Linux; "
            "choose a version that has one, or another package"
        )
    lines = [line for line in stderr.splitlines() if line.strip() and "[notice]" not in line]
    return f"pip failed: {(lines or ['it gave no reason'])[-1].strip()}"


def _pip() -> list[str]:
    """The command that runs pip: this Python's own, or that of the `python3` on PATH."""
    for python in (sys.executable, shutil.which("python3")):
        if python and not _run_quietly([python, "-m", "pip", "--version"]):
            return [python, "-m", "pip"]
    raise BuildError("pip: not found; install it with `python3 -m ensurepip` or your system's packages")


def _run_quietly(command: list[str]) -> int:
    return subprocess.run(command, capture_output=True, check=False).returncode
