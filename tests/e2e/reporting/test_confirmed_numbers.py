"""`text_messages = "confirmed"` from a person's sign-in to the text, whatever the environment itself says.

The API is the module's in that mode. It has the deployed one's role, which may start the deployed machine
alone: so what that machine was given is given to one in that mode.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from contract.rendering import openapi
from support.people import Person, person, sign_in
from support.reports import a_number
from support.system import Api, Make

Aws = Callable[[str], Any]


@pytest.fixture
def url(outputs: dict[str, Any], aws: Aws, api: Api, texts_to: Callable[[str], list[str]]) -> Iterator[str]:
    """The URL of the API in that mode, which goes when the test ends."""
    gateway, prefix = aws("apigateway"), outputs["dragons_table"].removesuffix("-dragons")
    document = openapi(
        "confirmed",
        outputs["report_dragon_arn"],
        credentials=aws("iam").get_role(RoleName=f"{prefix}-rest_api")["Role"]["Arn"],
        user_pool_arn=aws("cognito-idp").describe_user_pool(UserPoolId=outputs["user_pool_id"])["UserPool"][
            "Arn"
        ],
    )
    made = gateway.import_rest_api(body=json.dumps(document).encode())["id"]
    try:
        stage, variables = api.stage["stageName"], {"alias": "live"}
        gateway.create_deployment(restApiId=made, stageName=stage, variables=variables)
        yield api.url.replace(api.stage["restApiId"], made)
    finally:
        gateway.delete_rest_api(restApiId=made)


def with_number(aws: Aws, outputs: dict[str, Any], whose: Person, number: str, verified: str) -> Person:
    """The person, signed in again with a number in their account."""
    cognito, pool = aws("cognito-idp"), outputs["user_pool_id"]
    attributes = {"phone_number": number, "phone_number_verified": verified}
    cognito.admin_update_user_attributes(
        UserPoolId=pool,
        Username=whose.email,
        UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
    )
    client = outputs["user_pool_client_id"]
    return replace(whose, tokens=sign_in(cognito, pool, client, whose.email, whose.password))


@pytest.mark.parametrize(("verified", "texts"), [("true", 1), ("false", 0)])
def test_texts_go_to_a_number_that_its_reporter_has_confirmed_and_to_no_other(
    url: str,
    outputs: dict[str, Any],
    aws: Aws,
    make_report: Make,
    machines: Callable[..., str],
    execute: Callable[[str, dict[str, Any]], dict[str, Any]],
    texts_to: Callable[[str], list[str]],
    verified: str,
    texts: int,
) -> None:
    own, machine = a_number(), machines("confirmed", 10)
    executions = outputs["report_dragon_arn"].replace(":stateMachine:", ":execution:")
    with person(aws, outputs) as signed_up:
        api = Api(url, with_number(aws, outputs, signed_up, own, verified))
        for number, sent in ((own, texts), (a_number(), 0)):
            recorded = api.accepted(make_report(reportingPhoneNumber=number))
            assert recorded["status"] == "SUCCEEDED"
            started = aws("stepfunctions").describe_execution(
                executionArn=f"{executions}:{recorded['reportId']}"
            )
            refused = execute(machine, json.loads(started["input"]))
            assert "Duplicate" in refused["error"]["Cause"]["errorMessage"]
            assert len(texts_to(number)) == sent
