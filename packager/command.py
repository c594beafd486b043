"""The command line of `build.py`."""

import os
import sys
import time
from typing import Any, NamedTuple

from packager.archive import UNZIPPED_LIMIT, readable
from packager.artifact import FUNCTIONS, LAYERS, MACHINES, Target
from packager.build_stamps import BuildStamps
from packager.dist import MANIFEST, Outcome
from packager.edge import ZIP_LIMITS
from packager.errors import BuildError
from packager.inspection import Inspector
from packager.lock import Lock
from packager.parts import Tools
from packager.pipeline import build
from packager.wheels import Fetch, WheelStore, default_cache

PYTHONS = ("3.12", "3.13", "3.14")
_DEFAULT_PYTHON = "3.13"


class Options(NamedTuple):
    """What was asked for."""

    python: str = _DEFAULT_PYTHON
    arch: str | None = None
    json: bool = False
    why: str | None = None
    check: bool = False


def main(arguments: list[str], *, root: str, fetch: Fetch | None = None, cache: str | None = None) -> int:
    """Run the command line; the exit code is 0, or 1 where an input is wrong."""
    started = time.perf_counter()
    options = _options(arguments)
    target = _target(options)
    cache = cache or default_cache()
    store = WheelStore(f"{cache}/wheels", fetch or _download)
    tools = Tools(root, cache, target, store, Inspector(target, f"{cache}/inspections"), BuildStamps(root))

    def done(outcomes: list[Outcome]) -> None:
        _tell(outcomes, options, target, time.perf_counter() - started)
        # Without compiled code the build is to be repeated, and so is what says more than a plain one.
        if all(each.record["compiled"] for each in outcomes) and not (options.json or options.why):
            _remember(tools, arguments, outcomes)

    try:
        if options.check:
            from packager.reproduction import check

            return check(tools)
        build(tools, done)
    except BuildError as error:
        for problem in error.problems:
            print(f"error: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("error: interrupted; dist/ is whole, run the build again", file=sys.stderr)
        return 130
    except OSError as error:
        remedy = "; let yourself read and write it" if isinstance(error, PermissionError) else ""
        where = f"{error.filename}: " if error.filename else ""
        print(f"error: {where}{error.strerror or error}{remedy}", file=sys.stderr)
        return 1
    return 0


def _remember(tools: Tools, arguments: list[str], outcomes: list[Outcome]) -> None:
    """Let the next build with the same arguments know that it has nothing to do."""
    words = _lines([each._replace(built=False) for each in outcomes], tools.target)
    zips = {outcome.artifact.zip_path: outcome.record["sha256"] for outcome in outcomes}
    tools.stamps.note_packager()
    tools.stamps.write(arguments, "\n".join(words), zips | {MANIFEST: ""})


def _options(arguments: list[str]) -> Options:
    if not arguments:
        return Options()
    import argparse  # longer than the rest of a build that changes nothing

    parser = argparse.ArgumentParser(prog="build.py", description="Package functions and layers.")
    parser.add_argument("--python", default=_DEFAULT_PYTHON, choices=PYTHONS, help="Lambda's Python")
    parser.add_argument(
        "--arch", choices=["x86_64", "arm64"], help="Lambda's architecture (default: this machine's)"
    )
    parser.add_argument("--json", action="store_true", help="say what was done as JSON")
    parser.add_argument("--why", metavar="NAME", help="say which inputs changed when NAME was last built")
    parser.add_argument("--check", action="store_true", help="build twice elsewhere, and compare the bytes")
    return Options(**vars(parser.parse_args(arguments)))


def _download(lock: Lock, target: Target, folder: str) -> None:
    from packager.pip_download import download  # wanted once per lock

    download(lock, target, folder)


def _target(options: Options) -> Target:
    machine = os.uname().machine
    architecture = options.arch or MACHINES.get(machine)
    if not architecture:
        sys.exit(f"build.py: Lambda has no machine like this one ({machine}); choose one with --arch")
    return Target(options.python, architecture)


def _tell(outcomes: list[Outcome], options: Options, target: Target, seconds: float) -> None:
    if options.json:
        print(_as_json(outcomes, seconds))
        return
    if options.why:
        print(_reason(outcomes, options.why))
        return
    print("\n".join(_lines(outcomes, target)), f"in {seconds:.2f} s: {MANIFEST}")


def _lines(outcomes: list[Outcome], target: Target) -> list[str]:
    """What a build says, but for how long it took."""
    lines = [_line(outcome, outcomes) for outcome in outcomes]
    lines += dict.fromkeys(f"note: {notice}" for outcome in outcomes for notice in outcome.notices)
    if not all(outcome.record["compiled"] for outcome in outcomes):
        lines.append(
            f"no Python {target.python} on this machine: nothing is compiled, and no import was tried"
        )
    elif not target.is_here:
        lines.append(f"no import was tried: this machine is no {target.architecture} Linux with glibc")
    built = sum(outcome.built for outcome in outcomes)
    return [*lines, f"{built} built, {len(outcomes) - built} unchanged,"]


def _line(outcome: Outcome, outcomes: list[Outcome]) -> str:
    record = outcome.record
    what = "built" if outcome.built else "unchanged"
    zipped, unzipped = readable(record["zip_size"]), readable(record["unzipped_size"])
    line = f"{outcome.artifact.label:<32} {what:<9} {zipped:>10} zipped {unzipped:>10} unzipped"
    if edge := record.get("edge"):
        return f"{line} {zipped:>10} of {readable(ZIP_LIMITS[edge])} at the edge ({edge})"
    if outcome.artifact.kind != FUNCTIONS:
        return line
    whole = _with_layers(outcome, outcomes)
    return f"{line} {readable(whole):>10} of {readable(UNZIPPED_LIMIT)} with layers"


def _with_layers(outcome: Outcome, outcomes: list[Outcome]) -> int:
    layers = [each.record["unzipped_size"] for each in outcomes if each.artifact.kind == LAYERS]
    return outcome.record["unzipped_size"] + sum(layers)


def _as_json(outcomes: list[Outcome], seconds: float) -> str:
    import json

    told: dict[str, Any] = {FUNCTIONS: {}, LAYERS: {}}
    for outcome in outcomes:
        more: dict[str, Any] = {"built": outcome.built, "why": outcome.why, "notices": outcome.notices}
        if outcome.has_layers:
            more["unzipped_size_with_layers"] = _with_layers(outcome, outcomes)
        told[outcome.artifact.kind][outcome.artifact.name] = outcome.record | more
    return json.dumps(told | {"seconds": round(seconds, 3)}, indent=2, sort_keys=True)


def _reason(outcomes: list[Outcome], name: str) -> str:
    """Why an artifact was built, now or when it last was.

    Raises:
        BuildError: There is none of that name.
    """
    named = [each for each in outcomes if name in (each.artifact.name, each.artifact.label)]
    if not named:
        raise BuildError(f"--why {name}: choose one of {', '.join(each.artifact.label for each in outcomes)}")
    lines = []
    for each in named:
        when = "built now" if each.built else "unchanged; last built"
        lines.append(f"{each.artifact.label}: {when}, because of:")
        lines += [f"  {reason}" for reason in each.why]
    return "\n".join(lines)
