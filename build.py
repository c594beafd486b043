"""Packages every folder of `functions/` and `layers/` into `dist/`, and writes `dist/manifest.json`.

Usage: python build.py [--python 3.13] [--arch x86_64|arm64]

Python 3.11 or newer, standard library only; wheels come through pip, once per lock.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - this file is what tells the user
    sys.exit("build.py: needs Python 3.11 or newer; run it with another python3")

from packager.archive import readable, write_archive
from packager.artefact import MACHINES, Artefact, Target, discover
from packager.dist import Dist, Outcome, Record
from packager.entry import Entry, merge
from packager.errors import BuildError, collecting
from packager.inputs import Inputs, read_inputs
from packager.pip_download import download
from packager.wheel_content import unlocked_requirements, wheel_entries
from packager.wheels import Fetch, WheelStore, default_cache

ROOT = Path(__file__).resolve().parent


def build(root: Path, target: Target, store: WheelStore) -> list[Outcome]:
    """Build what changed under `root`.

    Returns:
        An outcome for each artefact, in the order in which they are built.

    Raises:
        BuildError: with everything that is wrong with any artefact; `dist/` is then as it was.
    """
    dist = Dist(root)
    outcomes = []
    problems: list[str] = []
    with dist.exclusive():
        records = dist.records()
        for artefact in discover(root):
            with collecting(problems):
                outcomes.append(package(artefact, target, store, dist, records))
        if problems:
            raise BuildError(*dict.fromkeys(problems))
        dist.commit(outcomes)
    return outcomes


def package(
    artefact: Artefact, target: Target, store: WheelStore, dist: Dist, records: dict[str, Record]
) -> Outcome:
    """Stage the artefact's zip, unless the one in `dist` was made of the same inputs."""
    inputs = read_inputs(artefact, target)
    digest = inputs.digest(artefact, target)
    record = records.get(artefact.label)
    if record and record["content_digest"] == digest and dist.holds(artefact, record):
        return Outcome(artefact, record, staged=None)
    staged = dist.staged_path(artefact)
    entries = merge([*inputs.entries, *dependencies(artefact, inputs, target, store)])
    archive = write_archive(staged, entries, artefact.label)
    record = Record(
        path=f"dist/{artefact.label}.zip",
        content_digest=digest,
        sha256=archive.sha256,
        zip_size=archive.zip_size,
        unzipped_size=archive.unzipped_size,
        handler=artefact.handler,
        runtime=target.runtime,
        architecture=target.architecture,
    )
    return Outcome(artefact, record, staged)


def dependencies(artefact: Artefact, inputs: Inputs, target: Target, store: WheelStore) -> list[Entry]:
    """The files of the artefact's locked wheels."""
    if not inputs.lock:
        return []
    wheels = store.wheels(inputs.lock, target)
    entries = [entry for wheel in wheels for entry in wheel_entries(wheel, inputs.prefix)]
    # A function may lean on its layer; a layer stands alone.
    missing = [] if artefact.handler else unlocked_requirements(entries, inputs.lock)
    if missing:
        raise BuildError(*missing)
    return entries


def main(
    arguments: Sequence[str] | None = None,
    *,
    root: Path = ROOT,
    fetch: Fetch = download,
    cache: Path | None = None,
) -> int:
    """Run the command line; the exit code is 0, or 1 where an input is wrong."""
    started = time.perf_counter()
    target = _target(arguments)
    try:
        outcomes = build(root, target, WheelStore(cache or default_cache(), fetch))
    except BuildError as error:
        for problem in error.problems:
            print(f"error: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("error: interrupted; dist/ is whole, run the build again", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"error: {error.filename or root}: {error.strerror or error}", file=sys.stderr)
        return 1
    for outcome in outcomes:
        print(_line(outcome))
    built = sum(outcome.staged is not None for outcome in outcomes)
    seconds = time.perf_counter() - started
    print(f"{built} built, {len(outcomes) - built} unchanged, in {seconds:.2f} s: dist/manifest.json")
    return 0


def _line(outcome: Outcome) -> str:
    what = "built" if outcome.staged else "unchanged"
    sizes = [outcome.record["zip_size"], outcome.record["unzipped_size"]]
    zipped, unzipped = map(readable, sizes)
    return f"{outcome.artefact.label:<32} {what:<9} {zipped:>10} zipped {unzipped:>10} unzipped"


def _target(arguments: Sequence[str] | None) -> Target:
    parser = argparse.ArgumentParser(prog="build.py", description="Package functions and layers.")
    parser.add_argument("--python", default="3.13", choices=["3.12", "3.13", "3.14"], help="Lambda's Python")
    parser.add_argument(
        "--arch", choices=["x86_64", "arm64"], help="Lambda's architecture (default: this machine's)"
    )
    options = parser.parse_args(arguments)
    machine = os.uname().machine
    architecture = options.arch or MACHINES.get(machine)
    if not architecture:
        parser.error(f"Lambda has no machine like this one ({machine}); choose one with --arch")
    return Target(options.python, architecture)


if __name__ == "__main__":
    sys.exit(main())
