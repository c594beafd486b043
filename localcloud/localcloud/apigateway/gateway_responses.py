"""Turns every failure into one of the API's gateway responses: status, headers and body template.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/customize-gateway-responses.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html and
localstack/localstack tests/aws/services/apigateway/test_apigateway_common.snapshot.json,
TestApigatewayRouting::test_routing_not_found.

Templates substitute `$context...` and `$stageVariables...` only, no Velocity. `$context.error.messageString`
comes with its quotes; any other value is escaped for a JSON string where the template is of type JSON.

Left out: `$method.request...` inside templates (headers do take it).
"""

import json
import logging
import re
from typing import Any

from airspeed.operators import TemplateExecutionError
from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    AccessDeniedError,
    BaseGatewayException,
    InternalServerError,
    get_gateway_response_or_default,
)
from localstack.services.apigateway.next_gen.execute_api.handlers.gateway_exception import (
    GatewayExceptionHandler,
)
from localstack.services.apigateway.next_gen.execute_api.parameters_mapping import ParametersMapper
from localstack.services.apigateway.next_gen.execute_api.variables import ContextVariables
from localstack.utils.strings import long_uid
from rolo import Response

from localcloud.apigateway.media_types import JSON, choose_type
from localcloud.apigateway.request_validation import InvalidBodyError
from localcloud.gateway.json_text import InvalidJsonError
from localcloud.gateway.variables import at_path

LOG = logging.getLogger(__name__)

_DEFAULT_TEMPLATE = '{"message":$context.error.messageString}'
_ACCESS_DENIED_TEMPLATE = '{"Message":$context.error.messageString}'
_VARIABLE = re.compile(r"\$(\{)?((?:context|stageVariables)(?:\.[A-Za-z0-9_-]+)+)(?(1)\})")


class GatewayResponder(GatewayExceptionHandler):
    """Turns what the handler chain raised into a gateway response; replaces LocalStack's handler."""

    def __call__(self, chain: Any, exception: Exception, context: Any, response: Response) -> None:
        """Respond; an unexpected exception is logged and becomes DEFAULT_5XX."""
        super().__call__(chain, to_gateway_exception(exception, context), context, response)

    @staticmethod
    def set_error_context(exception: BaseGatewayException, context: Any) -> None:
        """Fill `$context.error`."""
        if context.context_variables is None:
            context.context_variables = ContextVariables(requestId=long_uid())
        context.context_variables["error"] = {
            "message": exception.message,
            "messageString": json.dumps(exception.message),
            "responseType": exception.type,
            "validationErrorString": getattr(exception, "validation_error", exception.message),
        }

    def create_exception_response(self, exception: BaseGatewayException, context: Any) -> Response:
        """Build the response that the API's definition, or API Gateway's default, prescribes."""
        definition = get_gateway_response_or_default(
            exception.type, context.deployment.rest_api.gateway_responses
        )
        content_type, template = _choose_template(exception, definition, context)
        headers = {"Content-Type": content_type, "x-amzn-ErrorType": exception.code}
        headers.update(_mapped_headers(definition.get("responseParameters") or {}, context))
        variables = {
            "context": context.context_variables,
            "stageVariables": context.stage_variables or {},
        }
        return Response(
            response=render(template, variables, in_json="json" in content_type),
            headers=headers,
            status=int(definition.get("statusCode") or exception.status_code or 500),
        )


def to_gateway_exception(exception: Exception, context: Any) -> BaseGatewayException:
    """The gateway's own exception behind what a handler raised.

    Args:
        exception: What was raised; a template's failure is seen through to its cause.
        context: The invocation; before its integration has responded, unreadable JSON is the caller's fault.
    """
    cause = exception.__cause__ if isinstance(exception, TemplateExecutionError) else exception
    if isinstance(cause, BaseGatewayException):
        return cause
    if context.endpoint_response is None:
        if isinstance(cause, InvalidJsonError):
            return InvalidBodyError.unreadable(str(cause))
        if isinstance(cause, RecursionError):
            return InvalidBodyError.unreadable("nested too deeply")
    LOG.error("Invocation of API %s failed", context.api_id, exc_info=exception)
    return InternalServerError("Internal server error")


def render(template: str, variables: dict[str, Any], in_json: bool) -> str:
    """Substitute a gateway response's variables.

    Args:
        template: The response template.
        variables: The values of `context` and `stageVariables`.
        in_json: Whether values are escaped for a JSON string.

    Returns:
        str: The body; a variable without a value is empty.
    """

    def substitute(match: re.Match[str]) -> str:
        value = at_path(variables, match[2])
        if value is None:
            return ""
        text = str(value)
        if in_json and not match[2].endswith(".messageString"):
            return json.dumps(text)[1:-1]
        return text

    return _VARIABLE.sub(substitute, template)


def _choose_template(exception: BaseGatewayException, definition: Any, context: Any) -> tuple[str, str]:
    templates: dict[str, str] = definition.get("responseTemplates") or {JSON: _DEFAULT_TEMPLATE}
    if isinstance(exception, AccessDeniedError) and templates == {JSON: _DEFAULT_TEMPLATE}:
        return JSON, _ACCESS_DENIED_TEMPLATE
    chosen = choose_type(context.request.headers.get("Accept"), templates)
    return chosen, templates[chosen]


def _mapped_headers(parameters: dict[str, str], context: Any) -> dict[str, str]:
    """`gatewayresponse.header.X` takes the same expressions as an integration request's header."""
    request: Any = {"path_parameters": {}, **(context.invocation_request or {})}
    mapped = ParametersMapper().map_integration_request(
        request_parameters={
            f"header.{name.removeprefix('gatewayresponse.header.')}": expression
            for name, expression in parameters.items()
        },
        invocation_request=request,
        context_variables=context.context_variables,
        stage_variables=context.stage_variables or {},
    )
    return {name: str(value) for name, value in mapped["header"].items()}
