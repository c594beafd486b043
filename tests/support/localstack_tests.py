"""A pytest plugin that sends LocalStack's own tests to a local cloud: see docs/peers-tests.md.

It has to be loaded before LocalStack reads its settings, which `-p support.localstack_tests` does.
"""

import os
import socket
from typing import Any

import pytest
from botocore.client import BaseClient

HOST = "localhost.localstack.cloud"
PORT = int(os.environ["PEER_PORT"])
RUNTIME = "python3.13"

os.environ |= {
    "TEST_SKIP_LOCALSTACK_START": "1",
    "TEST_AWS_ENDPOINT_URL": f"http://{HOST}:{PORT}",
    "LOCALSTACK_HOST": f"{HOST}:{PORT}",
    "DISABLE_EVENTS": "1",
}
_resolve = socket.getaddrinfo
_call = BaseClient._make_api_call  # type: ignore[attr-defined]
_asked = [RUNTIME]


def _resolve_here(host: Any, *arguments: Any, **options: Any) -> Any:
    """No name server need know the name."""
    ours = isinstance(host, str) and host.endswith(HOST)
    return _resolve("127.0.0.1" if ours else host, *arguments, **options)


def _call_with_our_python(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
    """The local cloud runs one Python; the tests name another where any will do, and compare its name."""
    if str(arguments.get("Runtime", "")).startswith("python"):
        _asked[0], arguments = arguments["Runtime"], arguments | {"Runtime": RUNTIME}
    answer = _call(client, operation, arguments)
    for part in (answer, answer.get("Configuration")):
        if isinstance(part, dict) and part.get("Runtime") == RUNTIME:
            part["Runtime"] = _asked[0]
    return answer


socket.getaddrinfo = _resolve_here
BaseClient._make_api_call = _call_with_our_python  # type: ignore[attr-defined]


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Set the port that their conftest sets to 4566, whatever the environment says."""
    from localstack import config as localstack

    listen = localstack.HostAndPort("127.0.0.1", PORT)
    localstack.GATEWAY_LISTEN = localstack.UniqueHostAndPortList([listen])
