"""The part `edge`: what it adds to its origins, what its functions take, and the sizes of their zips."""

import base64
import io
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from bench import edge_report
from bench.clients import clients
from bench.edge_report import BARE, EDGE, ORIGIN, OURS, Measured
from bench.report import machine
from bench.rounds import rotated
from tasks.environment import terraform
from tasks.environment.bring_up import bring_up
from tasks.environment.cloud import Cloud, free_port
from tasks.environment.paths import ROOT
from tasks.processes.alone import alone
from tasks.processes.steps import StepError, step
from tasks.publishing.distribution import Distribution
from tasks.tuning.runs import Run

ROUNDS = 40
EVENTS = ROOT / "tests" / "fixtures" / "events"
EVENT = "page.json"
"""Each of the functions has an event of this name."""

RETURNS_IT = """
def handler(event, context):
    cf = event["Records"][0]["cf"]
    return cf.get("response", cf["request"])
"""

Aws = Callable[[str], Any]
Outputs = dict[str, Any]


def run(folder: Path) -> None:
    """Measure, print and write down.

    Raises:
        StepError: The system cannot be deployed, or something answers otherwise than it should.
    """
    where = machine()
    cloud = Cloud(free_port(), folder)
    root = terraform.root_of_own_cloud(folder, cloud.endpoint)
    with alone("edge"):
        try:
            outputs, _ = bring_up(cloud, root)
            aws = clients(cloud.endpoint)
            with step(f"first bytes, {ROUNDS} rounds"):
                first_bytes = _first_bytes(aws, outputs)
            with step(f"functions, {ROUNDS} rounds"):
                durations = _durations(aws("lambda"), outputs["functions"])
            manifest = json.loads((ROOT / "dist" / "manifest.json").read_text())
            edge_report.publish(where, first_bytes, durations, manifest["functions"])
        finally:
            cloud.stop()


def _first_bytes(aws: Aws, outputs: Outputs) -> Measured:
    """Seconds until the first byte, of an address of the distribution and of its origin's own."""
    site = outputs["site"]
    distribution = Distribution(aws("cloudfront"), site["distribution_id"])
    url, folder = outputs["site_url"], distribution.folder("live")
    page = _object(aws("s3"), site["bucket"], f"{folder}/index.html")
    key = next(each for each in _keys(aws("s3"), site["bucket"]) if each.endswith("/main.js"))
    asset, status = _object(aws("s3"), site["bucket"], key), f"{outputs['rest_api_url']}/status"
    kept, fetched, moved, passed = "Hit", "Miss", "LambdaGeneratedResponse", "Miss"
    cases = {
        "a page, kept": (f"{url}/", kept, page),
        "a page, not kept": (f"{url}/", fetched, page),
        "an asset, kept": (f"{url}/{key}", kept, asset),
        "a redirect": (f"{url}/CHARTS", moved, page),
        "an API, never kept": (f"{url}/api/status", passed, status),
    }
    measured: Measured = {name: {EDGE: [], ORIGIN: []} for name in cases}
    with requests.Session() as session:
        for number in range(ROUNDS):
            for name, (address, result, origin) in rotated(list(cases.items()), number):
                if name == "a page, not kept":
                    distribution.invalidate(["/index.html"])
                elif result == kept:
                    session.get(address, timeout=30)
                measured[name][EDGE].append(_first_byte(session, address, result))
                measured[name][ORIGIN].append(_first_byte(session, origin))
    return measured


def _first_byte(session: requests.Session, url: str, result: str = "") -> float:
    answer = session.get(url, timeout=30, allow_redirects=False)
    if not answer.ok or not answer.headers.get("X-Cache", "").startswith(result):
        raise StepError(f"{url}: {answer.status_code} {answer.headers.get('X-Cache')}", detail=answer.text)
    return answer.elapsed.total_seconds()


def _object(s3: Any, bucket: str, key: str) -> str:
    return str(s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key}))


def _keys(s3: Any, bucket: str) -> Iterator[str]:
    return (each["Key"] for each in s3.list_objects_v2(Bucket=bucket, Prefix="assets/")["Contents"])


def _durations(client: Any, functions: dict[str, str]) -> Measured:
    """Milliseconds of each function's handler with an event of its own, and of one that returns that."""
    ours = {name: arn for name, arn in functions.items() if name.startswith("edge_")}
    measured: Measured = {name: {OURS: [], BARE: []} for name in ours}
    with _function(client, like=next(iter(ours.values()))) as bare:
        for number in range(-1, ROUNDS):  # the first finds no process, and is not counted
            for name, arn in rotated(list(ours.items()), number):
                event = (EVENTS / name / EVENT).read_bytes()
                for which, called in ((OURS, arn), (BARE, bare)):
                    duration = _invoked(client, called, event).duration_ms
                    if number >= 0:
                        measured[name][which].append(duration)
    return measured


def _invoked(client: Any, arn: str, event: bytes) -> Run:
    answer = client.invoke(FunctionName=arn, Payload=event, LogType="Tail")
    log = base64.b64decode(answer["LogResult"]).decode()
    if "FunctionError" in answer:
        raise StepError(f"{arn} failed", detail=log)
    return Run.of(log)


@contextmanager
def _function(client: Any, like: str) -> Iterator[str]:
    """Make a function that returns what it was called for, as large as another; it goes in the end."""
    as_it = client.get_function_configuration(FunctionName=like)
    taken = {name: as_it[name] for name in ("Runtime", "Role", "MemorySize", "Timeout", "Architectures")}
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("bench.py", RETURNS_IT)
    made = client.create_function(
        FunctionName=f"bench-{uuid.uuid4()}",
        Handler="bench.handler",
        Code={"ZipFile": code.getvalue()},
        **taken,
    )["FunctionArn"]
    try:
        client.get_waiter("function_active_v2").wait(FunctionName=made)
        yield str(made)
    finally:
        client.delete_function(FunctionName=made)
