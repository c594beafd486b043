"""Maps requests and responses of integrations: which template is chosen, and how its payload is read.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html and
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-integration-settings-integration-response.html
(a selection pattern has to match the whole status code or error message);
recorded: tests/aws/services/apigateway/test_apigateway_lambda.snapshot.json, test_lambda_selection_patterns.
"""

import json
from typing import Any

from localstack.services.apigateway.next_gen.execute_api.context import InvocationRequest
from localstack.services.apigateway.next_gen.execute_api.handlers.integration_request import (
    IntegrationRequestHandler,
)
from localstack.services.apigateway.next_gen.execute_api.handlers.integration_response import (
    IntegrationResponseHandler,
)
from werkzeug.datastructures import Headers

from localcloud.apigateway.java_regex import compile_java
from localcloud.apigateway.media_types import choose_type, media_type
from localcloud.apigateway.request_validation import InvalidBodyError
from localcloud.apigateway.vtl import ABSENT, MappingTemplate
from localcloud.gateway.json_text import parse_request_json


class RequestMapper(IntegrationRequestHandler):
    """Builds the request to the integration; replaces LocalStack's handler of the same step."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._vtl_template = MappingTemplate(parse_request_json)

    @staticmethod
    def _set_proxy_headers(headers: Headers, request: Any) -> None:
        IntegrationRequestHandler._set_proxy_headers(headers, request)
        headers["X-Forwarded-Proto"] = request.scheme

    @staticmethod
    def get_request_template(integration: Any, request: Any) -> Any:
        """Choose by the media type alone, then as LocalStack does (415 where passthrough forbids)."""
        templates = integration.get("requestTemplates") or {}
        content_type = media_type(request["headers"].get("Content-Type"))
        normalized: Any = {
            **integration,
            "requestTemplates": {media_type(key): value for key, value in templates.items()},
        }
        return IntegrationRequestHandler.get_request_template(
            normalized, InvocationRequest(headers=Headers({"Content-Type": content_type}))
        )

    def render_request_template_mapping(self, context: Any, body: str | bytes, template: str) -> Any:
        """Render the template, refusing text that is not UTF-8 instead of altering it."""
        if template and isinstance(body, str):
            try:
                context.invocation_request["body"].decode("utf-8")
            except UnicodeDecodeError:
                raise InvalidBodyError.unreadable("the body is not UTF-8") from None
        return super().render_request_template_mapping(context, body, template)


class ResponseMapper(IntegrationResponseHandler):
    """Builds the response from the integration's; replaces LocalStack's handler of the same step."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._vtl_template = MappingTemplate(_parse_response)

    @staticmethod
    def get_response_template(integration_response: Any, request: Any) -> Any:
        """Choose by the Accept header, JSON where it leaves the choice or matches nothing."""
        templates = integration_response["responseTemplates"]
        if not templates:
            return ""
        return templates[choose_type(",".join(request["headers"].getlist("accept")), templates)]

    @staticmethod
    def select_integration_response(selection_value: str, integration_responses: Any) -> Any:
        """Choose the response whose pattern matches the whole value, else the default one."""
        matching = {
            status: response
            for status, response in (integration_responses or {}).items()
            if not (pattern := response.get("selectionPattern"))
            or compile_java(pattern).fullmatch(selection_value)
        }
        return IntegrationResponseHandler.select_integration_response(selection_value, matching)


def _parse_response(text: str) -> Any:
    """A payload that is not JSON has nothing at any path."""
    try:
        return json.loads(text)
    except ValueError:
        return ABSENT
