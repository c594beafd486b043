"""What is rotated is picked up by a warm process: credentials, and parameters.

Lambda gives a process its role's credentials in environment variables, which outlive it; where they would not
(SnapStart, containers), it gives the address of an endpoint, and botocore asks that again.
Source: https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks.html (credentials)
A file of credentials is no source of theirs; commands have one, see tests/unit/tasks/test_credentials.py.
"""

import importlib
import json
import re
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest

from dragons.dataset import object_key, to_lines
from dragons.parameters import LIFETIME_SECONDS, Parameters
from support.fakes import PARAMETERS, FakeS3

REPORT = {
    "dragon_name_str": "Atlas",
    "description_str": "Naps",
    "family_str": "red",
    "location_city_str": "Las Vegas",
    "location_country_str": "United States",
    "location_state_str": "Nevada",
    "location_neighborhood_str": "Fremont East",
    "reportingPhoneNumber": "+15555550100",
    "confirmationRequired": False,
}
EVENT = {"report": REPORT, "reportId": "a"}


class Cloud:
    """An endpoint of credentials, and a table in which nothing is; who asked it is in `signed_by`."""

    def __init__(self) -> None:
        self.key = "FIRST"
        self.signed_by: list[str] = []
        cloud = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                assert self.headers["Authorization"] == "hello"
                until = datetime.now(UTC) + timedelta(minutes=5)  # so near that botocore asks again
                self._answer(
                    {
                        "AccessKeyId": cloud.key,
                        "SecretAccessKey": "secret",
                        "Token": f"token of {cloud.key}",
                        "Expiration": f"{until:%Y-%m-%dT%H:%M:%SZ}",
                    }
                )

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                found = re.search("Credential=([^/]+)/", self.headers["Authorization"])
                assert found
                assert self.headers["X-Amz-Security-Token"] == f"token of {found[1]}"
                cloud.signed_by.append(found[1])
                self._answer({})

            def _answer(self, body: dict[str, str]) -> None:
                content = json.dumps(body).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    made = Cloud()
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def warm(cloud: Cloud) -> Iterator[Any]:
    """The handler of validate_dragon, imported where an endpoint gives credentials."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.delenv(name)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        patch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{cloud.url}/credentials")
        patch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "hello")
        patch.setenv("AWS_ENDPOINT_URL", cloud.url)
        patch.setattr(boto3, "DEFAULT_SESSION", None)
        patch.delitem(sys.modules, "validate_dragon.handler", raising=False)
        yield importlib.import_module("validate_dragon.handler").handler
        del sys.modules["validate_dragon.handler"]  # nobody else's


def test_rotated_credentials_sign_the_next_request(cloud: Cloud, warm: Any) -> None:
    warm(EVENT, None)
    cloud.key = "SECOND"
    warm(EVENT, None)
    assert cloud.signed_by == ["FIRST", "SECOND"]


class Store:
    """Parameter Store, as a client of it."""

    def __init__(self) -> None:
        self.values = dict(PARAMETERS)

    def get_parameters(self, Names: list[str], WithDecryption: bool) -> dict[str, Any]:
        assert WithDecryption
        return {"Parameters": [{"Name": n, "Value": self.values[n]} for n in Names], "InvalidParameters": []}


def test_a_rotated_parameter_is_read_by_a_handler_within_its_lifetime(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lists = importlib.import_module("list_dragons.handler")
    now, store, s3 = 1000.0, Store(), FakeS3()
    for prefix in ("dragons/", "rotated/"):
        name = {"dragon_name_str": f"of {prefix}", "family_str": "red"}
        s3.objects[object_key(prefix, "red", "0")] = to_lines([name])
    parameters = Parameters(store, *PARAMETERS, clock=lambda: now)  # type: ignore[arg-type]
    monkeypatch.setattr(lists, "parameters", parameters)
    monkeypatch.setattr(lists, "s3", s3)

    def listed() -> str:
        [found] = json.loads(lists.handler({}, None)["body"])["dragons"]
        name: str = found["dragon_name_str"]
        return name

    assert listed() == "of dragons/"
    store.values["/dragons/unit/dataset_prefix"] = "rotated/"
    assert listed() == "of dragons/"
    now += LIFETIME_SECONDS
    assert listed() == "of rotated/"
