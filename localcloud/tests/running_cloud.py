"""The cloud as a process, from its sources: LocalStack finds it by metadata made of pyproject.toml."""

import json
import os
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

PACKAGE = Path(__file__).parents[1]
SECONDS = 240.0
ROLE = "arn:aws:iam::000000000000:role/machine"


@dataclass(frozen=True)
class Execution:
    """An execution that has ended: its status, output, error and cause, and the types of its events."""

    status: str
    output: Any
    error: str | None
    cause: str | None
    events: list[str]


class Cloud:
    """A client of each service, and machines."""

    def __init__(self, url: str) -> None:
        self.url = url

    def client(self, service: str) -> Any:
        make: Any = boto3.client
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return make(service, endpoint_url=self.url, region_name="us-east-1", **keys)

    def machine(self, states: dict[str, Any], **members: Any) -> str:
        """Create a machine that begins with the first of its states; gives its ARN."""
        definition = json.dumps({"StartAt": next(iter(states)), "States": states, **members})
        created = self.client("stepfunctions").create_state_machine(
            name=f"m{uuid.uuid4().hex}", definition=definition, roleArn=ROLE
        )
        return str(created["stateMachineArn"])

    def start(self, machine: str, given: Any = None) -> str:
        """Start an execution; gives its ARN."""
        started = self.client("stepfunctions").start_execution(
            stateMachineArn=machine, input=json.dumps(given or {})
        )
        return str(started["executionArn"])

    def ended(self, execution: str) -> Execution:
        """Wait for an execution's end."""
        client = self.client("stepfunctions")
        told = until(
            lambda: client.describe_execution(executionArn=execution), lambda it: it["status"] != "RUNNING"
        )
        events = client.get_execution_history(executionArn=execution)["events"]
        output = json.loads(told["output"]) if "output" in told else None
        types = [event["type"] for event in events]
        return Execution(told["status"], output, told.get("error"), told.get("cause"), types)

    def run(self, states: dict[str, Any], given: Any = None, **members: Any) -> Execution:
        return self.ended(self.start(self.machine(states, **members), given))


def until(ask: Any, holds: Any) -> Any:
    """Ask until it holds; gives the answer."""
    deadline = time.monotonic() + SECONDS
    while not holds(answer := ask()):
        assert time.monotonic() < deadline, answer
        time.sleep(0.1)
    return answer


@contextmanager
def running_cloud(folder: Path) -> Iterator[Cloud]:
    metadata = folder / "localcloud-0.dist-info"
    metadata.mkdir()
    groups = tomllib.loads((PACKAGE / "pyproject.toml").read_text())["project"]["entry-points"]
    lines = [
        line
        for group, points in groups.items()
        for line in (f"[{group}]", *(f"{name} = {value}" for name, value in points.items()))
    ]
    (metadata / "entry_points.txt").write_text("\n".join(lines))
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: localcloud\nVersion: 0\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "localcloud", "--port", str(port), "--state", str(folder / "state")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(folder), str(PACKAGE)))}
    with (folder / "log").open("w+") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            until(lambda: process.poll() or _answers(port), bool)
            assert process.poll() is None, (folder / "log").read_text()
            yield Cloud(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait(SECONDS)


def _answers(port: int) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/_localstack/health", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False
