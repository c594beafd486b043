"""The processes of the local cloud of ours that the tests run against."""

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest


def cloud_processes() -> list[psutil.Process]:
    """The local cloud's own process, then all that it has started and that still runs."""
    log = os.environ.get("DRAGONS_CLOUD_LOG")
    if log is None:
        pytest.skip("the target is no local cloud of ours: its processes are its own affair")
    command = ["--state", str(Path(log).parent)]
    [cloud] = [
        process
        for process in psutil.process_iter(["cmdline"])
        if (process.info["cmdline"] or [])[-len(command) :] == command
    ]
    return [cloud, *cloud.children(recursive=True)]


def processes_of(function: str, endpoint: str | None = None) -> Iterator[psutil.Process]:
    """The function's processes, if the cloud at an endpoint (the target's) runs them on this machine."""
    endpoint = endpoint or os.environ.get("AWS_ENDPOINT_URL")
    for process in psutil.process_iter():
        try:
            environ = process.environ()
        except psutil.Error:
            continue  # gone, or somebody else's
        if (
            environ.get("AWS_ENDPOINT_URL") == endpoint
            and environ.get("AWS_LAMBDA_FUNCTION_NAME") == function
        ):
            yield process
