"""Calls the Lambda functions that a user pool names as its triggers.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html

A trigger has five seconds and is asked three times. A failure is told to the caller in the words that AWS is
seen to use. Left out: permissions of the function's own policy.
"""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from localstack.aws.connect import connect_to
from localstack.utils.aws.arns import extract_region_from_arn
from moto.cognitoidp.models import CognitoIdpUserPool

from localcloud.cognito_idp.errors import CognitoError

SECONDS = 5.0
ATTEMPTS = 3

_CALLS = ThreadPoolExecutor(64, "cognito-trigger")  # of its own: one that hangs is left behind


def run(
    pool: CognitoIdpUserPool,
    trigger: str,
    source: str,
    *,
    username: str,
    client_id: str,
    request: Mapping[str, Any],
    response: Mapping[str, Any],
) -> dict[str, Any]:
    """Ask a trigger's function, if the pool has one.

    Args:
        pool: Whose trigger.
        trigger: Its name in the pool's `LambdaConfig`, such as `PreSignUp`.
        source: The `triggerSource`, such as `PreSignUp_SignUp`.
        username: The user's.
        client_id: The app client's; `CLIENT_ID_NOT_APPLICABLE` for an administrator.
        request: What the function is told.
        response: What it may change.

    Returns:
        The function's response; `response` as it was where there is no function.

    Raises:
        CognitoError: UserLambdaValidationException if the function fails, InvalidLambdaResponseException if
            its response is none, UnexpectedLambdaException if it cannot be asked, or takes too long.
    """
    function, version = _configured(pool, trigger)
    if function is None:
        return dict(response)
    event = {
        "version": version,
        "region": pool.region,
        "userPoolId": pool.id,
        "userName": username,
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": client_id},
        "triggerSource": source,
        "request": request,
        "response": response,
    }
    payload, failed = _ask(function, pool.arn, trigger, json.dumps(event).encode())
    if failed:
        raise CognitoError(
            "UserLambdaValidationException", f"{trigger} failed with error {_message(payload)}."
        )
    return _read(payload, trigger)


def is_basic(pool: CognitoIdpUserPool) -> bool:
    """Whether the pre token generation trigger is of version V1_0, which knows of ID tokens alone."""
    return _configured(pool, "PreTokenGeneration")[1] == "1"


def invoke(function: str, pool_arn: str, event: bytes) -> tuple[bytes, bool]:
    """Call a function as Cognito does.

    Args:
        function: The ARN of the function, of a version or of an alias.
        pool_arn: Who calls.
        event: The event, as JSON.

    Returns:
        The payload, and whether the function failed.
    """
    client: Any = connect_to(region_name=extract_region_from_arn(function)).lambda_
    response = client.request_metadata(service_principal="cognito-idp", source_arn=pool_arn).invoke(
        FunctionName=function, Payload=event
    )
    return response["Payload"].read(), "FunctionError" in response


def _configured(pool: CognitoIdpUserPool, trigger: str) -> tuple[str | None, str]:
    """The function's ARN and the version of its events."""
    triggers = pool.extended_config.get("LambdaConfig") or {}
    if trigger == "PreTokenGeneration" and (config := triggers.get("PreTokenGenerationConfig")):
        return config["LambdaArn"], config["LambdaVersion"].removeprefix("V").removesuffix("_0")
    return triggers.get(trigger), "1"


def _ask(function: str, pool_arn: str, trigger: str, event: bytes) -> tuple[bytes, bool]:
    error = ""
    for _ in range(ATTEMPTS):
        try:
            return _CALLS.submit(invoke, function, pool_arn, event).result(SECONDS)
        except TimeoutError:
            error = "Socket timeout while invoking Lambda function"
        except Exception as failure:  # whatever keeps the function from being called
            error = type(failure).__name__
    raise CognitoError("UnexpectedLambdaException", f"{trigger} invocation failed due to error {error}.")


def _message(payload: bytes) -> str:
    try:
        return str(json.loads(payload)["errorMessage"])
    except (ValueError, TypeError, KeyError):
        return "Unknown error"


def _read(payload: bytes, trigger: str) -> dict[str, Any]:
    try:
        response = json.loads(payload)["response"]
    except (ValueError, TypeError, KeyError):
        response = None
    if not isinstance(response, dict):
        raise CognitoError("InvalidLambdaResponseException", f"{trigger}: Unrecognizable lambda output")
    return response
