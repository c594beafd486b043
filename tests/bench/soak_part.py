"""The part `soak`: many calls for long, at what rate, and what each leaves in memory."""

import json
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench import soak_calls, soak_clouds
from bench.burst import Outcome, request, send
from bench.clients import clients
from bench.report import machine, publish
from bench.soak_clouds import Running
from bench.table import table
from support.people import person
from tasks.environment import terraform, tools
from tasks.environment.bring_up import bring_up
from tasks.environment.cloud import Cloud, free_port
from tasks.environment.paths import ROOT
from tasks.processes.alone import alone
from tasks.processes.steps import step

_LOTS = 5
_CONNECTIONS = 50
_SAME_STARTS, _SAME_GETS = 300, 1000
_REPORTS, _GETS = 1000, 4000
_END_SECONDS = 300.0


@dataclass(frozen=True)
class Lot:
    """Calls of a kind, and what they came to.

    Attributes:
        accepted: How many were answered with a success.
        refused: How many got 429.
        lost: How many got anything else, or nothing.
        seconds: Until the last had its effect.
        megabytes: The cloud's memory then.
        threads: And its threads.
    """

    accepted: int
    refused: int
    lost: int
    seconds: float
    megabytes: float
    threads: int


def run(folder: Path) -> None:
    """Measure, print and write down.

    Raises:
        StepError: A cloud does not start, or the system cannot be deployed.
    """
    where, measured = machine(), {}
    with step("stock LocalStack in its own environment"):
        tools.install("stock", "localstack", "lambda")
    for name, cloud in (("stock LocalStack", soak_clouds.stock), ("the local cloud", soak_clouds.ours)):
        with cloud(folder / name.split()[-1]) as running, step(f"the same calls: {name}"):
            measured[name] = _same_calls(running)
    measured["the system"] = _system(folder / "system")
    publish("soak", where, {name: _plain(kinds) for name, kinds in measured.items()}, _told(measured))


def _same_calls(cloud: Running) -> dict[str, list[Lot]]:
    calls = soak_calls.make(cloud.endpoint)
    starts = [calls.start()] * _SAME_STARTS
    gets = [request(calls.status)] * _SAME_GETS
    return {
        "StartExecution": _lots(cloud, partial(send, cloud.endpoint, starts, _CONNECTIONS), calls.running),
        "GET, a mock": _lots(cloud, partial(send, cloud.endpoint, gets, _CONNECTIONS), lambda: 0),
    }


def _system(folder: Path) -> dict[str, list[Lot]]:
    cloud = Cloud(free_port(), folder)
    root = terraform.root_of_own_cloud(folder, cloud.endpoint)
    with alone("soak"):
        try:
            outputs, _ = bring_up(cloud, root)
            with step("the system"):
                return _reports_and_lists(Running(cloud.endpoint, cloud.pid() or 0), outputs)
        finally:
            cloud.stop()


def _reports_and_lists(cloud: Running, outputs: dict[str, Any]) -> dict[str, list[Lot]]:
    aws, api = clients(cloud.endpoint), outputs["rest_api_url"]
    workflows, of_all = aws("stepfunctions"), {"stateMachineArn": outputs["report_dragon_arn"]}
    with person(aws, outputs) as reporter:

        def report() -> Outcome:
            bodies = [_report() for _ in range(_REPORTS)]
            headers = {"Authorization": reporter.tokens.id}
            return send(api, [request(f"{api}/dragons", headers, each) for each in bodies], _REPORTS)

        def running() -> int:
            return len(workflows.list_executions(**of_all, statusFilter="RUNNING")["executions"])

        lists = [request(f"{api}/dragons?family=red&limit=1")] * _GETS
        return {
            f"POST /dragons, {_REPORTS:,} at once": _lots(cloud, report, running),
            "GET /dragons": _lots(cloud, partial(send, api, lists, _CONNECTIONS), lambda: 0),
        }


def _report() -> bytes:
    report = json.loads((ROOT / "tests" / "fixtures" / "report.json").read_text())
    return json.dumps(report | {"dragonName": f"soak-{uuid.uuid4()}"}).encode()


def _lots(cloud: Running, call: Callable[[], Outcome], running: Callable[[], int]) -> list[Lot]:
    return [_lot(cloud, call, running) for _ in range(_LOTS)]


def _lot(cloud: Running, call: Callable[[], Outcome], running: Callable[[], int]) -> Lot:
    started = time.monotonic()
    statuses = call().statuses
    while running() and time.monotonic() < started + _END_SECONDS:
        time.sleep(0.5)
    accepted = sum(count for status, count in statuses.items() if 200 <= status < 300)
    refused = statuses[429]
    lost = statuses.total() - accepted - refused
    seconds = time.monotonic() - started
    return Lot(accepted, refused, lost, seconds, cloud.megabytes(), cloud.threads())


def slope(lots: Sequence[Lot]) -> float:
    """KiB that each accepted call leaves, the first lot's aside: it brings along what is loaded once."""
    return (lots[-1].megabytes - lots[0].megabytes) * 1024 / max(1, sum(lot.accepted for lot in lots[1:]))


def _plain(kinds: dict[str, list[Lot]]) -> dict[str, list[dict[str, Any]]]:
    return {kind: [asdict(lot) for lot in lots] for kind, lots in kinds.items()}


def _told(measured: dict[str, dict[str, list[Lot]]]) -> str:
    rows = [
        [
            name,
            kind,
            f"{sum(lot.accepted for lot in lots):,}",
            f"{sum(lot.refused for lot in lots):,} / {sum(lot.lost for lot in lots):,}",
            f"{sum(lot.accepted for lot in lots) / sum(lot.seconds for lot in lots):.0f}",
            f"{slope(lots):.1f}",
            f"{lots[0].megabytes:.0f} to {lots[-1].megabytes:.0f}",
            str(lots[-1].threads),
        ]
        for name, kinds in measured.items()
        for kind, lots in kinds.items()
    ]
    return table(["", "calls", "done", "429 / lost", "a second", "KiB a call", "MiB", "threads"], rows)
