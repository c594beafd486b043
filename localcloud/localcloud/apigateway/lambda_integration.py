"""Lambda proxy integrations: what API Gateway checks and LocalStack does not.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/lambda-proxy-binary-media.html (`*/*`),
https://github.com/koki-develop/lgtm-generator/issues/10 (413), and recorded in localstack/localstack's
tests/aws/services/apigateway/test_apigateway_lambda.snapshot.json:
test_aws_proxy_response_payload_format_validation. Not recorded, and 502: numbers as body, a status over 599.
"""

import base64
import re
from collections.abc import Callable
from typing import Any

from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    IntegrationFailureError,
    InternalServerError,
    RequestTooLargeError,
)
from localstack.services.apigateway.next_gen.execute_api.helpers import mime_type_matches_binary_media_types
from localstack.services.apigateway.next_gen.execute_api.integrations import REST_API_INTEGRATIONS, aws

_IS_VALID: dict[str, Callable[[Any], bool]] = {
    "statusCode": lambda value: bool(re.fullmatch("[1-5][0-9]{2}", str(value))),
    "headers": lambda value: isinstance(value, dict) and _are_scalars(value.values()),
    "multiValueHeaders": lambda value: (
        isinstance(value, dict)
        and all(isinstance(each, list) and _are_scalars(each) for each in value.values())
    ),
    "isBase64Encoded": lambda value: isinstance(value, bool),
    "body": lambda value: isinstance(value, str),
}


def _are_scalars(values: Any) -> bool:
    return all(isinstance(value, str | bool | int | float) for value in values)


class LambdaProxy(aws.RestApiAwsProxyIntegration):
    """Replaces LocalStack's integration of the type AWS_PROXY."""

    def invoke(self, context: Any) -> Any:
        """Invoke the function, with the gateway's exception if Lambda finds the event too large."""
        try:
            return super().invoke(context)
        except IntegrationFailureError as error:
            if "(RequestEntityTooLargeException)" not in str(error.__cause__):
                raise
            large = RequestTooLargeError("Request Too Long")
            large.code = "BadRequestException"
            raise large from None

    def create_lambda_input_event(self, context: Any) -> Any:
        """Build the event, in which a body of a binary media type is Base64 whatever is in it."""
        event: Any = super().create_lambda_input_event(context)
        body, api = context.integration_request["body"], context.deployment.rest_api.rest_api
        content_type = context.invocation_request["headers"].get("Content-Type")
        if body and is_binary(content_type, api.get("binaryMediaTypes") or []):
            event.update(body=base64.b64encode(body).decode(), isBase64Encoded=True)
        return event

    @staticmethod
    def _is_lambda_response_valid(lambda_response: Any) -> bool:
        if isinstance(lambda_response, dict) and all(
            key in _IS_VALID and (value is None or _IS_VALID[key](value))
            for key, value in lambda_response.items()
        ):
            return True
        raise InternalServerError("Internal server error", status_code=502)


def is_binary(mime_type: str | None, binary_media_types: list[str]) -> bool:
    """Whether a type is one of the API's binary media types; `*/*` is all of them."""
    return "*/*" in binary_media_types or mime_type_matches_binary_media_types(mime_type, binary_media_types)


def apply() -> None:
    """Replace the integration, and how LocalStack's own part of it tells binary types."""
    REST_API_INTEGRATIONS["AWS_PROXY"] = LambdaProxy()
    vars(aws).update(mime_type_matches_binary_media_types=is_binary)
