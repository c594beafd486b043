"""Fetches the wheels of a lock with pip."""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

from packager.artifact import Target
from packager.errors import BuildError, naming
from packager.lock import Lock, Requirement
from packager.pip_settings import pip_environment

# Lambda's Python runtimes since 3.12 run on Amazon Linux 2023, which has glibc 2.34
# (docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, docs.aws.amazon.com/linux/al2023/release-notes).
_GLIBC_MINOR = 34
_LINUX_MACHINE = {"x86_64": "x86_64", "arm64": "aarch64"}
_OLDEST_GLIBC_MINOR = {"x86_64": 5, "arm64": 17}
_LEGACY_NAMES = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}

_AT_ONCE = 4
_POLL_SECONDS = 0.1
_WIDTH = 30

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


def download(lock: Lock, target: Target, folder: str) -> None:
    """Download the wheels of `lock` for `target` into `folder`, several at a time.

    Raises:
        BuildError: There is no pip, or pip failed.
    """
    python, environment = _pip()
    print(f"{lock.label}: fetching wheels ({len(lock.requirements)}), once per lock", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        runs = [
            _start(_command(python, target, folder), environment, part, f"{temporary}/{number}")
            for number, part in enumerate(lock.requirements[first::_AT_ONCE] for first in range(_AT_ONCE))
            if part
        ]
        try:
            while any(run.poll() is None for run in runs):
                _show(folder, len(lock.requirements))
                time.sleep(_POLL_SECONDS)
            _show(folder, len(lock.requirements), end="\n")
        finally:
            for run in runs:
                run.terminate()
                run.wait()
        for number, run in enumerate(runs):
            if run.returncode:
                with open(f"{temporary}/{number}.err", encoding="utf-8", errors="replace") as said:
                    raise BuildError(f"{lock.label}: {explain(said.read(), target)}")


def _start(
    command: list[str], environment: dict[str, str], requirements: tuple[Requirement, ...], scratch: str
) -> subprocess.Popen[bytes]:
    """Start a pip on a part of a lock; what it complains of goes to `<scratch>.err`."""
    with naming(f"{scratch}.txt"), open(f"{scratch}.txt", "w", encoding="utf-8") as file:
        for each in requirements:
            hashes = " ".join(f"--hash=sha256:{digest}" for digest in sorted(each.hashes))
            file.write(f"{each.name}=={each.version} {hashes}\n")
    with naming(command[0]), open(f"{scratch}.err", "wb") as said:
        return subprocess.Popen(
            [*command, "--requirement", f"{scratch}.txt"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )


def _command(python: str, target: Target, folder: str) -> list[str]:
    """A pip that puts what a target can load into a folder; its requirements are to follow."""
    abi = f"cp{target.python.replace('.', '')}"
    return [
        *(python, "-m", "pip", "download"),
        *("--disable-pip-version-check", "--no-input", "--progress-bar", "off"),
        # The lock is complete. pip would judge the markers of further ones by its own Python.
        *("--no-deps", "--require-hashes", "--only-binary", ":all:"),
        *("--implementation", "cp", "--python-version", target.python),
        *("--abi", abi, "--abi", "abi3", "--abi", "none"),
        *(argument for tag in platforms(target) for argument in ("--platform", tag)),
        *("--dest", folder),
    ]


def _show(folder: str, count: int, end: str = "") -> None:
    """Draw how many wheels are there, where somebody is looking."""
    if sys.stderr.isatty():
        there = len(glob.glob(f"{glob.escape(folder)}/*.whl"))
        bar = "#" * (_WIDTH * there // count)
        print(f"\r  [{bar:<{_WIDTH}}] {there}/{count}", end=end, file=sys.stderr, flush=True)


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


def _pip() -> tuple[str, dict[str, str]]:
    """The Python whose pip to take, this one or the `python3` on PATH, and the variables to run it with."""
    for python in (sys.executable, shutil.which("python3")):
        if python and (environment := pip_environment(python, "download", os.environ)) is not None:
            return python, environment
    raise BuildError("pip: not found; install it with `python3 -m ensurepip` or your system's packages")
