"""The part `events`: how soon tally and journal know of a change, beside consumers doing nothing; a soak."""

import re
import statistics
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.clients import clients
from bench.report import machine, publish
from bench.table import table
from dragons import registry
from support import soak
from support.other_code import wrapped
from support.under_test import UnderTest
from tasks.environment import terraform
from tasks.environment.bring_up import bring_up
from tasks.environment.cloud import Cloud, free_port
from tasks.processes.alone import alone
from tasks.processes.steps import StepError, step

CONSUMERS = ("tally_families", "keep_journal")
_LOTS, _LOT = 3, 200
_ALONE = 100
_END_SECONDS = 600.0
_SOAKED, _DRAGONS = 5000, 250

TIMED = """
import re
import time


def handler(event, context):
    result = {does}
    names = [name for each in event["Records"] for name in set(re.findall(r"bench-[0-9a-f]+", each["body"]))]
    print("told", time.time(), *names)
    return result
"""
DOES = {"ours": "deployed.handler(event, context)", "nothing": '{"batchItemFailures": []}'}


@dataclass(frozen=True)
class Told:
    """How soon a consumer had done with each change of a lot.

    Attributes:
        a_second: Changes, from the first write until the consumer had done with the last.
        seconds: From each write until then, in rising order.
    """

    a_second: float
    seconds: list[float]

    def quantile(self, percent: int) -> float:
        """The seconds within which so many percent were done with."""
        return statistics.quantiles(self.seconds, n=100, method="inclusive")[percent - 1]


def run(folder: Path) -> None:
    """Measure, print and write down.

    Raises:
        StepError: The system cannot be deployed, or a change never arrives.
    """
    where, measured = machine(), {}
    cloud = Cloud(free_port(), folder)
    root = terraform.root_of_own_cloud(folder, cloud.endpoint)
    with alone("events"):
        try:
            outputs, _ = bring_up(cloud, root)
            aws = clients(cloud.endpoint)
            for name, does in DOES.items():
                with step(f"consumers: {name}"), ExitStack() as stack:
                    for each in CONSUMERS:
                        code = TIMED.format(does=does)
                        stack.enter_context(wrapped(aws("lambda"), outputs["functions"][each], code))
                    measured[name] = _measure(aws, outputs)
            publish("events", where, _plain(measured), _table(measured))
            with step(f"{_SOAKED:,} changes while functions are killed and messages fail"):
                soak.hold(aws, UnderTest.of(root), soak.Written(), _DRAGONS, _SOAKED // _DRAGONS)
        finally:
            cloud.stop()


def _plain(measured: dict[str, dict[str, list[dict[str, Told]]]]) -> dict[str, Any]:
    return {
        name: {
            kind: [{each: asdict(told) for each, told in lot.items()} for lot in lots]
            for kind, lots in kinds.items()
        }
        for name, kinds in measured.items()
    }


def _measure(aws: Callable[[str], Any], outputs: dict[str, Any]) -> dict[str, list[dict[str, Told]]]:
    _wait_for_samples(aws, outputs)
    return {
        "one after the other": [_lot(aws, outputs, _ALONE, 1)],
        f"{_LOT:,} from 16 writers": [_lot(aws, outputs, _LOT, 16) for _ in range(_LOTS)],
    }


def _wait_for_samples(aws: Callable[[str], Any], outputs: dict[str, Any]) -> None:
    """Wait until the consumers have done with what was told before: the samples, or lots."""
    deadline = time.monotonic() + _END_SECONDS
    while not soak.is_idle(aws("sqs"), outputs) and time.monotonic() < deadline:
        time.sleep(0.5)


def _lot(aws: Callable[[str], Any], outputs: dict[str, Any], changes: int, writers: int) -> dict[str, Told]:
    began = time.time()
    written: dict[str, float] = {}
    dynamodb = aws("dynamodb")

    def write(_: int) -> None:
        name = f"bench-{uuid.uuid4().hex}"
        written[name] = time.time()
        item = {"dragon_name_str": name, "family_str": "bench", "location_country_str": "bench"}
        dynamodb.put_item(
            TableName=outputs["dragons_table"],
            Item={key: {"S": value} for key, value in item.items()} | registry.ITEM,
        )

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(changes)))
    return {each: _told(aws("logs"), outputs["functions"][each], began, written) for each in CONSUMERS}


def _told(logs: Any, alias_arn: str, began: float, written: dict[str, float]) -> Told:
    """Read in a consumer's log when it had done with each change."""
    group, done = f"/aws/lambda/{alias_arn.split(':')[6]}", dict[str, float]()
    pages = logs.get_paginator("filter_log_events")
    deadline = time.monotonic() + _END_SECONDS
    while not written.keys() <= done.keys():
        if time.monotonic() > deadline:
            raise StepError(f"{len(written.keys() - done.keys())} changes did not reach {group}")
        time.sleep(0.5)
        for page in pages.paginate(logGroupName=group, startTime=int(began * 1000), filterPattern='"told "'):
            for event in page["events"]:
                if found := re.search(r"told ([\d.]+)((?: bench-[0-9a-f]+)*)", event["message"]):
                    for name in found[2].split():
                        done.setdefault(name, float(found[1]))
    seconds = sorted(done[name] - at for name, at in written.items())
    return Told(len(written) / (max(done[name] for name in written) - min(written.values())), seconds)


def _table(measured: dict[str, dict[str, list[dict[str, Told]]]]) -> str:
    rows = []
    for kind in measured["ours"]:
        for consumer in CONSUMERS:
            for name, kinds in measured.items():
                lots = [lot[consumer] for lot in kinds[kind]]
                whole = Told(
                    statistics.mean(lot.a_second for lot in lots),
                    sorted(each for lot in lots for each in lot.seconds),
                )
                figures = [f"{whole.a_second:.0f}", *(f"{whole.quantile(p):.2f}" for p in (50, 95, 99))]
                rows.append([kind, consumer, name, *figures])
    header = ["changes", "consumer", "its handler", "a second", "p50 (s)", "p95 (s)", "p99 (s)"]
    return table(header, rows)
