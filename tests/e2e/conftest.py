"""The deployed system, as its callers see it: its outputs, its APIs over HTTP, and AWS's own API.

The target is whichever environment `DRAGONS_OUTPUTS` describes (`make test` and `make e2e` set it).
"""

import json
import os
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from dragons import registry
from dragons.fields import dragon_fields
from support.people import Person, new_email, new_password, person
from support.reports import REPORT
from support.system import Api, Make, Report
from tasks.environment.pytest_run import SECOND
from tasks.processes.alone import alone
from tasks.processes.steps import StepError

BESIDE_SECONDS = 200
"""Less than a test's own limit, of which the waiting is a part."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep these tests in one process, but for those of another group, which leave the system alone."""
    if item.get_closest_marker("xdist_group") is None:
        item.add_marker(pytest.mark.xdist_group("system"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what looks at the others' traces, or measures, behind the others, however they were shuffled."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


@pytest.fixture(scope="session", autouse=True)
def one_process(request: pytest.FixtureRequest) -> None:
    """Refuse to share the system with another process: xdist keeps a group together by its tests' names."""
    if not request.config.getoption("loadgroup", False):
        return
    groups = {
        item.nodeid: item.get_closest_marker("xdist_group")
        for item in request.session.items
        if "e2e" in item.path.parts
    }
    if not all(group and name.endswith(f"@{group.args[0]}") for name, group in groups.items()):
        pytest.fail("pytest-xdist does not keep these tests in one process: see pytest in pyproject.toml")


@pytest.fixture(autouse=True)
def _nothing_beside_what_measures(request: pytest.FixtureRequest) -> None:
    """Have what is marked `last` wait for the tests of releases, which `make test` runs beside these."""
    deadline = time.monotonic() + BESIDE_SECONDS
    while request.node.get_closest_marker("last") and time.monotonic() < deadline:
        try:
            with alone(SECOND.name):
                return
        except StepError:
            time.sleep(1)


@pytest.fixture(scope="session")
def outputs() -> dict[str, Any]:
    """The environment's Terraform outputs."""
    where = os.environ.get("DRAGONS_OUTPUTS")
    if where is None:
        pytest.fail("DRAGONS_OUTPUTS is not set: run `make e2e` or `make test`")
    found: dict[str, Any] = json.loads(Path(where).read_text())
    return found


@pytest.fixture(scope="session")
def aws() -> Callable[[str], Any]:
    """Make a client of an AWS service; boto3 reads `AWS_ENDPOINT_URL` itself."""

    def client(service: str) -> Any:
        return boto3.client(service)  # type: ignore[call-overload]

    return client


@pytest.fixture(scope="session")
def reporter(outputs: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[Person]:
    """Somebody who signed up, as anybody may."""
    with person(aws, outputs) as signed_in:
        yield signed_in


@pytest.fixture(scope="session")
def reviewer(outputs: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[Person]:
    """Somebody who may decide on reports."""
    with person(aws, outputs, group="reviewers") as signed_in:
        yield signed_in


@pytest.fixture
def newcomer(outputs: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[tuple[str, str]]:
    """An address and a password of somebody who may sign up; the account goes when the test ends."""
    cognito, email = aws("cognito-idp"), new_email()
    yield email, new_password()
    try:
        user = cognito.admin_get_user(UserPoolId=outputs["user_pool_id"], Username=email)
    except cognito.exceptions.UserNotFoundException:
        return
    cognito.admin_delete_user(UserPoolId=outputs["user_pool_id"], Username=email)
    sub = next(each["Value"] for each in user["UserAttributes"] if each["Name"] == "sub")
    aws("dynamodb").delete_item(TableName=outputs["reporters_table"], Key={"sub": {"S": sub}})


@pytest.fixture(scope="session")
def api(outputs: dict[str, Any], reporter: Person) -> Api:
    """The REST API."""
    return Api(outputs["rest_api_url"], reporter)


@pytest.fixture(scope="session")
def known_family(outputs: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[str]:
    """A family of which a dragon is on record, so that no report of it waits for a reviewer."""
    with ExitStack() as gone:
        yield put_on_record(outputs, aws("dynamodb"), f"e2e-{uuid.uuid4()}", gone)


@pytest.fixture
def know(outputs: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[Callable[[str], str]]:
    """Put a dragon of a family on record, which leaves the table when the test ends; returns the family."""
    with ExitStack() as gone:
        yield lambda family: put_on_record(outputs, aws("dynamodb"), family, gone)


def put_on_record(outputs: dict[str, Any], dynamodb: Any, family: str, gone: ExitStack) -> str:
    """Put one dragon of a family on record until the block ends; returns the family."""
    table, name = outputs["dragons_table"], f"e2e-known-{uuid.uuid4()}"
    dragon = dict.fromkeys(dragon_fields(), name) | {"family_str": family}
    item = {field: {"S": text} for field, text in dragon.items()} | registry.ITEM
    dynamodb.put_item(TableName=table, Item=item)
    gone.callback(dynamodb.delete_item, TableName=table, Key={"dragon_name_str": {"S": name}})
    return family


@pytest.fixture
def make_report(outputs: dict[str, Any], aws: Callable[[str], Any], known_family: str) -> Iterator[Make]:
    """Make reports of dragons with names of their own, which leave the table when the test ends."""
    names: list[str] = []

    def make(**fields: Any) -> Report:
        own = {"dragonName": f"e2e-{uuid.uuid4()}", "family": known_family}
        report: Report = REPORT | own | fields
        names.append(report["dragonName"])
        return report

    yield make
    table = aws("dynamodb")
    for name in names:
        if isinstance(name, str) and name:
            table.delete_item(TableName=outputs["dragons_table"], Key={"dragon_name_str": {"S": name}})


@pytest.fixture(scope="session")
def http_api_id(outputs: dict[str, Any]) -> str:
    """The HTTP API's id."""
    return str(re.findall(r"(?://|/execute-api/)(\w+)", outputs["http_api_url"])[-1])


@pytest.fixture(scope="session")
def allowed_origin(http_api_id: str, aws: Callable[[str], Any]) -> str:
    """An origin of the environment's own, whose pages may call both APIs."""
    cors = aws("apigatewayv2").get_api(ApiId=http_api_id)["CorsConfiguration"]
    return str(cors["AllowOrigins"][-1])


@pytest.fixture(scope="session")
def partners_url(outputs: dict[str, Any], http_api_id: str, aws: Callable[[str], Any]) -> str:
    """Where the partners' upstream is reached, in an environment that has one."""
    routes = aws("apigatewayv2").get_routes(ApiId=http_api_id)["Items"]
    if not any(route["RouteKey"] == "ANY /partners/{proxy+}" for route in routes):
        pytest.skip("the environment names no upstream for partners")
    return f"{outputs['http_api_url']}/partners"


@pytest.fixture
def texts_to(outputs: dict[str, Any], aws: Callable[[str], Any]) -> Callable[[str], list[str]]:
    """Read the text messages that were sent to a number, where the target lets tests read them."""
    machine = aws("stepfunctions").describe_state_machine(stateMachineArn=outputs["report_dragon_arn"])
    if "$.textAllowed" in machine["definition"]:
        pytest.skip("the environment sends no texts, or to confirmed numbers alone")
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if endpoint is None:
        pytest.skip("AWS delivers text messages to phones only: nothing here could read them")

    def read(number: str) -> list[str]:
        answer = requests.get(f"{endpoint}/_aws/sns/sms-messages", timeout=30)
        if answer.status_code == 404:
            return []  # nothing was sent to anybody yet
        return [sent["Message"] for sent in answer.json()["sms_messages"].get(number, [])]

    return read
