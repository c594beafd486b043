"""What a local cloud is started from: its environment variables, and a digest that tells of a change."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from tasks.environment.paths import LAMBDA_PYTHON, LOCALCLOUD

_CHOSEN = ("DRAGONS_LAMBDA_PROCESSES",)


def of_cloud(port: int, folder: Path) -> dict[str, str]:
    """The settings of a cloud on a port, with its state in a folder."""
    return {name: os.environ[name] for name in _CHOSEN if name in os.environ} | {
        "TMPDIR": str(folder / "tmp"),
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "GATEWAY_SERVER": "loopback",  # the plugin's: LocalStack's own listens on every interface
        "FILESYSTEM_ROOT": str(folder / "fs"),
        "OVERRIDE_IN_DOCKER": "0",  # else it takes some hosts for a container
        "DNS_ADDRESS": "0",  # nothing listens but the gateway
        "IN_MEMORY_CLIENT": "1",  # services call each other without a socket that may close on them
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "LAMBDA_RUNTIME_EXECUTOR": "process",
        "LAMBDA_SYNCHRONOUS_CREATE": "0",
        "LAMBDA_RETRY_BASE_DELAY": "1",  # asynchronous retries at test speed
        "LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC": "0.25",  # as often as Lambda itself polls
        "DRAGONS_LAMBDA_PYTHON": str(LAMBDA_PYTHON),
        "PROVIDER_OVERRIDE_DYNAMODB": "moto",
        "PROVIDER_OVERRIDE_DYNAMODBSTREAMS": "moto",
    }


def digest(settings: Mapping[str, str], plugin: Path = LOCALCLOUD) -> str:
    """A digest of settings, and of the plugin's sources and locks."""
    found = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for path in sorted(plugin.rglob("*")):
        if path.is_file() and not {"__pycache__", "tests"} & set(path.parts):
            found.update(f"\0{path.relative_to(plugin)}\0".encode())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
