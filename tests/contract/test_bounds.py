"""The bounds that the contract tells are the ones that the code, the templates and Terraform keep to."""

import re
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.published import SERVERS
from contract.rendering import ROOT, SYSTEM, openapi
from contract.told import CONTRACT, OPERATIONS, SCHEMAS, fits, parameter, report_ids
from dragons.errors import InvalidRequestError
from dragons.paging import to_token
from dragons.query_string import DEFAULT_LIMIT, MAX_LIMIT
from list_dragons.query import Position, Query
from list_dragons.request import read_request
from support.strategies import texts

IMPORTED: dict[str, Any] = openapi()
LISTS = ["GET /dragons", "GET /partners/dragons"]
positions = st.builds(Position, texts, texts)
filters = st.dictionaries(st.sampled_from(["family_str", "location_city_str"]), texts)


@pytest.mark.parametrize("operation", LISTS)
@given(limit=st.one_of(st.integers(-1, 2 * MAX_LIMIT), st.sampled_from([0, 1, MAX_LIMIT, MAX_LIMIT + 1])))
def test_the_limits_that_are_told_are_those_that_are_taken(operation: str, limit: int) -> None:
    told = parameter(operation, "limit")
    assert told == {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
    try:
        taken = read_request({"queryStringParameters": {"limit": str(limit)}}) == Query({}, limit)
    except InvalidRequestError:
        taken = False
    assert taken == (told["minimum"] <= limit <= told["maximum"])


def test_a_page_is_as_long_as_the_greatest_limit_and_no_longer() -> None:
    assert SCHEMAS["DragonPage"]["properties"]["dragons"]["maxItems"] == MAX_LIMIT
    assert read_request({}) == Query({}, DEFAULT_LIMIT)


@given(position=positions, filters=filters)
def test_a_page_token_is_one_as_told(position: Position, filters: dict[str, str]) -> None:
    token = to_token(position, filters)
    for told in (parameter(LISTS[0], "nextToken"), SCHEMAS["DragonPage"]["properties"]["nextToken"]):
        assert fits(told, token)


@given(
    token=st.one_of(
        st.just(""), texts, st.builds("{}{}".format, st.builds(to_token, positions, filters), texts)
    )
)
def test_what_is_no_token_as_told_is_refused(token: str) -> None:
    if not fits(parameter(LISTS[1], "nextToken"), token):
        with pytest.raises(InvalidRequestError):
            read_request({"queryStringParameters": {"nextToken": token}})


def test_a_report_without_a_key_has_an_id_as_told() -> None:
    assert all(fits(told, f"{uuid.uuid4()}-{uuid.uuid4()}") for told in report_ids())


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_route_tells_what_api_gateway_itself_may_answer(operation: str) -> None:
    method, path = operation.split(" ")
    imported = IMPORTED["paths"][path][method.lower()]
    kind = imported["x-amazon-apigateway-integration"]["type"]
    expected = {"413", "429", "500"}
    expected |= set() if kind == "aws_proxy" else {"415"}  # a mapping template for JSON alone
    expected |= set() if kind == "mock" else {"502", "504"}
    expected |= {"401"} if imported.get("security") else set()
    assert expected <= set(OPERATIONS[operation]["responses"])


def test_a_401_tells_its_header() -> None:
    refused = [each["responses"]["401"] for each in OPERATIONS.values() if "401" in each["responses"]]
    assert len(refused) == 2
    assert all("WWW-Authenticate" in each["headers"] for each in refused)


def test_who_must_show_what_and_that_the_rest_is_open() -> None:
    assert {name: each["security"] for name, each in OPERATIONS.items() if each["security"]} == {
        "POST /dragons": [{"user_pool": []}],
        "GET /partners/dragons": [{"partner_token": [], "api_key": []}],
    }
    assert all(each["security"] == [] for name, each in OPERATIONS.items() if name.startswith("OPTIONS "))


def test_a_partners_token_is_a_bearers() -> None:
    imported = IMPORTED["components"]["securitySchemes"]["partner_token"]
    assert imported["name"] == "Authorization"
    form = imported["x-amazon-apigateway-authorizer"]["identityValidationExpression"]
    assert form.startswith("^Bearer ")
    assert CONTRACT["components"]["securitySchemes"]["partner_token"] == {"type": "http", "scheme": "bearer"}


def test_the_servers_are_where_terraform_puts_the_api() -> None:
    defaults = [{name: each["default"] for name, each in server["variables"].items()} for server in SERVERS]
    aws, local = (server["url"] for server in SERVERS)
    stage = re.search(
        r'variable "stage_name" \{.*?default += "(\w+)"',
        (SYSTEM / "rest_api" / "variables.tf").read_text(),
        re.DOTALL,
    )
    assert stage
    assert {each["stage"] for each in defaults} == {stage[1]}
    in_terraform = aws.format(api="%s", stage="%s", region="${var.region}")
    assert f'"{in_terraform}"' in (SYSTEM / "main.tf").read_text()
    folder = ROOT / "terraform" / "environments" / "local"
    endpoint, path = local.format(api="%s", stage="%s", port=defaults[1]["port"]).split("/_aws/")
    assert f'"{endpoint}"' in (folder / "endpoint.tf").read_text()
    assert f'"${{var.endpoint}}/_aws/{path}"' in (folder / "settings.tf").read_text()


def test_the_example_is_a_report() -> None:
    body = OPERATIONS["POST /dragons"]["requestBody"]["content"]["application/json"]
    assert set(body["example"]) == set(SCHEMAS["Report"]["required"])
