"""The local cloud is closed to the network, and to web pages that are not its own."""

import errno
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
import requests

from support.cloud_process import cloud_processes
from support.system import Api

ELSEWHERE = "elsewhere.example"
LIST_TABLES = {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0"}
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.fixture
def processes(api: Api) -> list[psutil.Process]:
    """The processes of the local cloud, a function's among them."""
    assert api.get("/dragons").status_code == 200
    found = cloud_processes()
    assert len(found) > 1
    return found


@pytest.fixture
def endpoint(processes: list[psutil.Process]) -> str:
    """Where the local cloud answers."""
    return os.environ["AWS_ENDPOINT_URL"]


def listening(processes: list[psutil.Process]) -> Iterator[tuple[str, int]]:
    """Address and port of the TCP sockets that accept connections, and of the UDP sockets that hear all."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # a function's that has ended since
            for each in process.net_connections("inet"):
                if each.status == psutil.CONN_LISTEN or (each.type == socket.SOCK_DGRAM and not each.raddr):
                    yield each.laddr.ip, each.laddr.port


def own_addresses() -> Iterator[tuple[socket.AddressFamily, str]]:
    """The addresses of this machine, but for 127.0.0.1."""
    families = (socket.AF_INET, socket.AF_INET6)
    configured = [each for found in psutil.net_if_addrs().values() for each in found]
    candidates = {(each.family, each.address) for each in configured if each.family in families}
    for family, address in candidates | {(socket.AF_INET, "127.0.0.2")}:
        with socket.socket(family) as probe, suppress(OSError):
            probe.bind(
                socket.getaddrinfo(address, 0, family)[0][4]
            )  # refused where it is not an address of ours
            if address != "127.0.0.1":
                yield socket.AddressFamily(family), address


def test_every_socket_of_every_process_is_bound_to_the_loopback(
    processes: list[psutil.Process], endpoint: str
) -> None:
    found = list(listening(processes))
    assert ("127.0.0.1", urlsplit(endpoint).port) in found
    assert [each for each in found if not ip_address(each[0]).is_loopback] == []


def test_no_other_address_of_this_machine_is_connected(endpoint: str) -> None:
    port = urlsplit(endpoint).port
    tried = list(own_addresses())
    if not tried:
        pytest.skip("this machine has no address but 127.0.0.1")
    for family, address in tried:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(10)
            where = socket.getaddrinfo(address, port, family, socket.SOCK_STREAM)[0][4]
            assert probe.connect_ex(where) == errno.ECONNREFUSED, address


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/_localstack/health", {}),
        ("GET", "/_aws/cognito-idp/messages?destination=ann@example.org", {}),
        ("GET", "/_localcloud/echo/x", {}),
        ("POST", "/", LIST_TABLES),
        ("OPTIONS", "/", {}),
        ("GET", "/_aws/execute-api/x/v1/dragons", HANDSHAKE),
    ],
)
def test_a_page_whose_name_was_made_to_resolve_to_this_machine_gets_nothing(
    endpoint: str, method: str, path: str, headers: dict[str, str]
) -> None:
    page = f"{ELSEWHERE}:{urlsplit(endpoint).port}"
    sent = {"Host": page, "Origin": f"http://{page}"} | headers
    answer = requests.request(method, endpoint + path, headers=sent, data="{}", timeout=30)
    assert answer.status_code == 403
    assert page in answer.text
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_no_socket_answers_such_a_page(processes: list[psutil.Process]) -> None:
    for address, port in listening(processes):
        headers = {"Host": f"{ELSEWHERE}:{port}"}
        assert requests.get(f"http://{address}:{port}/", headers=headers, timeout=30).status_code == 403


def test_a_page_of_another_origin_may_not_read_what_the_echo_says(endpoint: str) -> None:
    headers = {"Origin": f"https://{ELSEWHERE}", "Cookie": "session=secret"}
    answer = requests.get(f"{endpoint}/_localcloud/echo/x", headers=headers, timeout=30)
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("origin", [f"https://{ELSEWHERE}", f"http://{ELSEWHERE}:4566", "null"])
@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/_localstack/health", {}),
        ("GET", "/_aws/cognito-idp/messages?destination=ann@example.org", {}),
        ("POST", "/", LIST_TABLES),
        ("POST", "/", {"Content-Type": "text/plain"}),
        ("OPTIONS", "/", {"Access-Control-Request-Method": "POST"}),
    ],
)
def test_a_page_of_another_origin_gets_nothing_of_awss_own_api(
    endpoint: str, origin: str, method: str, path: str, headers: dict[str, str]
) -> None:
    sent = {"Origin": origin} | headers
    answer = requests.request(method, endpoint + path, headers=sent, data="{}", timeout=30)
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_names_that_aws_clients_make_of_localhost_are_answered(
    api: Api, endpoint: str, outputs: dict[str, Any], aws: Callable[[str], Any]
) -> None:
    port = urlsplit(endpoint).port
    for name in ("localhost", "localhost.localstack.cloud"):
        bucket = requests.get(
            endpoint, headers={"Host": f"{outputs['dataset_bucket']}.s3.{name}:{port}"}, timeout=30
        )
        assert "<ListBucketResult" in bucket.text
    stage = api.stage
    host = f"{stage['restApiId']}.execute-api.localhost.localstack.cloud:{port}"
    status = requests.get(f"{endpoint}/{stage['stageName']}/status", headers={"Host": host}, timeout=30)
    assert json.loads(status.text)["stage"] == stage["stageName"]
