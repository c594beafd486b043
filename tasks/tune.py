"""`make tune`: a function at several memory sizes, how long it takes and what it costs."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tasks.code.invocation import Invocation, invoke, read_event
from tasks.code.named import require_alias
from tasks.code.smoke import SmokeTest
from tasks.environment.environment import Environment
from tasks.environment.paths import ROOT
from tasks.processes import consent
from tasks.processes.steps import StepError, say
from tasks.tuning import chart, prices, suggestion
from tasks.tuning.runs import Run, Size

SIZES = "128,256,512,1024,1769,3008"
"""Memory sizes in MB: 1,769 has one whole processor, and a new account has 3,008 at most."""
INVOCATIONS = "20"
NO_GUIDE = "the local cloud gives every size the same processor: its durations and costs are no guide"

_LEAST_MB, _MOST_MB = 128, 10240
_MOST_INVOCATIONS = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the function, its event, the sizes, how many invocations, and the word that approves."""
    parser.add_argument("--function", default="", help="which")
    parser.add_argument("--event", default="", help="file with the event, JSON (default: of its smoke test)")
    parser.add_argument("--sizes", default=SIZES, help=f"memory in MB, with commas between ({SIZES})")
    parser.add_argument("--invocations", default=INVOCATIONS, help=f"of each size ({INVOCATIONS})")
    parser.add_argument("--auto-approve", default="", help="yes: invoke without asking")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Invoke versions of the newest code, compare them, and leave the function as it was.

    Raises:
        StepError: An input is wrong, the function fails at every size, or could not be left as it was.
    """
    sizes, invocations = _sizes(arguments.sizes), _invocations(arguments.invocations)
    consent.require_word(arguments.auto_approve)
    environment.enter_tools()
    arn = _arn(environment.outputs()["functions"], arguments.function)
    test = _test(arguments)
    client = environment.client("lambda")
    now = client.get_function_configuration(FunctionName=arn)
    gb_second = prices.GB_SECOND[now["Architectures"][0]]
    if not environment.is_local and not arguments.auto_approve:
        most = invocations * now["Timeout"] * sum(sizes) / 1024 * gb_second
        _ask(environment, f"{len(sizes) * invocations} invocations of {arguments.function}", most)
    from tasks.tuning.versions import Versions  # needs botocore

    versions, found = Versions(client, arn), []
    with versions.tried():
        for memory in sizes:
            found.append(_tried(client, arn, versions.publish(memory), test, invocations, memory, gb_second))
            say(f"  {memory} MB: {found[-1].failure or 'done'}")
    _tell(environment, arguments.function, found, now)


def _tried(
    client: Any, arn: str, version: str, test: SmokeTest, invocations: int, memory: int, gb_second: float
) -> Size:
    """Invoke one version, one invocation after the other; the first that fails is the last."""
    runs: list[Run] = []
    for _ in range(invocations):
        done = invoke(client, arn, json.dumps(test.event).encode(), version)
        if not test.is_as_expected(done):
            return Size(memory, gb_second, runs, f"fails: {_reason(done)}")
        runs.append(Run.of(done.log))
    size = Size(memory, gb_second, runs)
    return size if size.warm else replace(size, failure="fails: every invocation began with a start")


def _reason(failed: Invocation) -> str:
    told = failed.result.get("errorMessage") if isinstance(failed.result, dict) else None
    return str(told or json.dumps(failed.result)).splitlines()[0][:100]


def _tell(environment: Environment, function: str, sizes: Sequence[Size], now: Any) -> None:
    """Print the table, draw it, and say what it suggests."""
    for line in suggestion.table(sizes):
        say(line)
    if all(size.failure for size in sizes):
        raise StepError(f"{function} fails at every size", "try the event with `make invoke`")
    note = NO_GUIDE if environment.is_local else f"{environment.name}; {prices.SAID}"
    where = ROOT / "dist" / "tune" / f"{function}.svg"
    where.parent.mkdir(parents=True, exist_ok=True)
    where.write_text(chart.draw(f"{function} by memory", note, sizes), encoding="utf-8")
    say(f"p50, p99 and cost are of invocations without a start; {prices.SAID} ({now['Architectures'][0]})")
    if environment.is_local:
        say(NO_GUIDE)
    for line in suggestion.told(sizes, now["MemorySize"], now["Timeout"]):
        say(line)
    say(f"drawn:     {where.relative_to(ROOT)}")


def _ask(environment: Environment, what: str, most_usd: float) -> None:
    question = f"{what} on {environment.name}, for {most_usd:.2f} USD at most?"
    consent.ask(question, "nothing was invoked", remedy="AUTO_APPROVE=yes answers for you")


def _arn(functions: dict[str, str], name: str) -> str:
    require_alias(functions, name)
    return functions[name].rpartition(":")[0]


def _test(arguments: argparse.Namespace) -> SmokeTest:
    """The event, and what it is to come to: the smoke test's changes nothing."""
    if not arguments.event:
        return SmokeTest.of(arguments.function)
    return SmokeTest(Path(arguments.event), json.loads(read_event(arguments.event)), "")


def _sizes(text: str) -> list[int]:
    words = [word.strip() for word in text.split(",")]
    if not all(word.isascii() and word.isdigit() and _LEAST_MB <= int(word) <= _MOST_MB for word in words):
        raise StepError(f"SIZES={text}: whole MB from {_LEAST_MB} to {_MOST_MB}, such as SIZES={SIZES}")
    return sorted({int(word) for word in words})


def _invocations(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 2 <= int(text) <= _MOST_INVOCATIONS):
        raise StepError(
            f"INVOCATIONS={text}: a whole number from 2 (the first is a start) to {_MOST_INVOCATIONS}"
        )
    return int(text)
