"""Checks a request's size and body before its integration, with the reason API Gateway gives.

Sources:
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-enable-compression.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html,
localstack/localstack tests/aws/services/apigateway/test_apigateway_common.snapshot.json,
TestApiGatewayCommon::test_api_gateway_request_validator.

A body whose content type has no model of its own is not checked, as on AWS: let the integration's passthrough
behavior refuse such types.
"""

import zlib
from typing import Any

from localstack.services.apigateway.helpers import ModelResolver
from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    BadRequestBodyError,
    InternalServerError,
    RequestTooLargeError,
)
from localstack.services.apigateway.next_gen.execute_api.handlers.method_request import (
    MethodRequestHandler,
)

from localcloud.apigateway.media_types import media_type
from localcloud.apigateway.model_keywords import model_errors
from localcloud.gateway.json_text import InvalidJsonError, parse_request_json

MAX_BODY_BYTES = 10 * 1024 * 1024


class InvalidBodyError(BadRequestBodyError):
    """BAD_REQUEST_BODY with its `validationErrorString`."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("Invalid request body")
        self.validation_error = f"[{', '.join(reasons)}]"

    @classmethod
    def unreadable(cls, cause: str) -> "InvalidBodyError":
        """A body that could not be parsed; API Gateway's text, and the cause."""
        return cls([f"Unknown error parsing request body: {cause}"])


class RequestBodyValidator(MethodRequestHandler):
    """Validates a method's parameters and body; replaces LocalStack's handler of the same step."""

    @staticmethod
    def _is_body_valid(method: Any, rest_api: Any, request: Any) -> bool:
        models = {media_type(key): name for key, name in (method.get("requestModels") or {}).items()}
        content_type = media_type(request["headers"].get("Content-Type"))
        model_name = models.get(content_type) or models.get("$default")
        if not model_name:
            return True
        schema = ModelResolver(rest_api_container=rest_api, model_name=model_name).get_resolved_model()
        if not schema:
            raise InternalServerError("Internal server error")
        try:
            reasons = model_errors(schema, parse_request_json(request.get("body") or b""))
        except InvalidJsonError as error:
            raise InvalidBodyError.unreadable(str(error)) from None
        if reasons:
            raise InvalidBodyError(reasons)
        return True


def refuse_large_body(chain: Any, context: Any, response: Any) -> None:  # noqa: ARG001 - a handler
    """Unpack the payload if the API allows it; RequestTooLargeError if it has more than MAX_BODY_BYTES."""
    request, api = context.invocation_request, context.deployment.rest_api.rest_api
    packed = request["headers"].get("Content-Encoding") in ("gzip", "deflate")
    if packed and api.get("minimumCompressionSize") is not None:
        request["headers"].remove("Content-Encoding")
        try:
            unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)  # either of the two
            request["body"] = unpacker.decompress(request["body"], MAX_BODY_BYTES + 1)
        except zlib.error as error:
            raise InvalidBodyError.unreadable(str(error)) from None
    if len(request["body"] or b"") > MAX_BODY_BYTES:
        raise RequestTooLargeError("Request Too Long")
