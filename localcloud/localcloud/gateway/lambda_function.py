"""Calls Lambda functions as API Gateway does.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

import json

from localstack.services.apigateway.next_gen.execute_api.integrations.aws import get_service_factory
from localstack.utils.aws.arns import extract_region_from_arn
from localstack.utils.aws.client_types import ServicePrincipal


def call_function(function: str, role: str | None, source_arn: str, event: bytes) -> tuple[bytes, bool]:
    """Call the function of an integration or an authorizer.

    Args:
        function: The ARN of the function, of a version or of an alias.
        role: The ARN of the role to call it with; None if the function's own policy allows the call.
        source_arn: The ARN of the route, method or authorizer.
        event: The event, as JSON.

    Returns:
        tuple[bytes, bool]: The payload, and whether the function failed.

    Raises:
        BotoCoreError, ClientError: It cannot be called.
    """
    client = get_service_factory(extract_region_from_arn(function), role).lambda_
    response = client.request_metadata(
        service_principal=ServicePrincipal.apigateway, source_arn=source_arn
    ).invoke(FunctionName=function, Payload=event)
    return response["Payload"].read(), "FunctionError" in response


def error_message(payload: bytes) -> str:
    """What a function that failed says; its whole payload, if that is not Lambda's error object."""
    try:
        return str(json.loads(payload)["errorMessage"])
    except (ValueError, TypeError, KeyError):
        return payload.decode(errors="replace")
