"""Serves a request to an HTTP API: CORS, route, authorizer, throttling, integration, access log.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html

Left out: VPC links, integrations with AWS services, mutual TLS, custom domains, metrics.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from localcloud.apigatewayv2 import cors
from localcloud.apigatewayv2.authorization import authorize
from localcloud.apigatewayv2.errors import HttpApiError, internal_server_error
from localcloud.apigatewayv2.http_integration import call_upstream
from localcloud.apigatewayv2.invocation import Invocation
from localcloud.apigatewayv2.lambda_integration import call_lambda
from localcloud.apigatewayv2.parameter_mapping import MappedRequest, map_request, map_response
from localcloud.apigatewayv2.response import Response
from localcloud.apigatewayv2.route_selection import select_route
from localcloud.apigatewayv2.throttling import throttle
from localcloud.gateway.access_log import measured, statuses

LOG = logging.getLogger(__name__)

MAX_BODY = 10 * 1024 * 1024
"""Bytes. Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html"""

type Call = Callable[[Invocation, Mapping[str, Any], MappedRequest], Response]

INTEGRATIONS: dict[str, Call] = {"AWS_PROXY": call_lambda, "HTTP_PROXY": call_upstream}
"""What serves each IntegrationType."""


def serve(invocation: Invocation, write_log: Callable[[Invocation, Response], None]) -> Response:
    """Respond to a request, whatever happens.

    Args:
        invocation: The request, its API and stage known.
        write_log: Takes the request and its response for the access log.
    """
    try:
        response = _process(invocation)
    except HttpApiError as error:
        response = _refusal(invocation, error)
    except Exception:
        LOG.exception("%s %s", invocation.api.api_id, invocation.route.get("routeKey"))
        response = _refusal(invocation, internal_server_error())
    if invocation.api.cors and not _is_preflight(invocation):
        cors.replace_cors_headers(invocation.api.cors, invocation.headers, response)
    response.headers["apigw-requestid"] = invocation.request_id
    write_log(invocation, response)
    return response


def _process(invocation: Invocation) -> Response:
    if len(invocation.body) > MAX_BODY:
        raise HttpApiError(413, "Request Entity Too Large")
    selected = select_route(invocation.api.routes, invocation.method, invocation.encoded_path)
    if selected is not None:
        invocation.route, invocation.path_parameters = selected
        authorize(invocation)
        throttle(invocation)
        return _integrate(invocation)
    if _is_preflight(invocation):
        return cors.preflight(invocation.api.cors or {}, invocation.headers)
    raise HttpApiError(404, "Not Found")


def _is_preflight(invocation: Invocation) -> bool:
    """Whether the API itself responds to the OPTIONS request: no route takes it."""
    return bool(invocation.api.cors) and invocation.method == "OPTIONS" and not invocation.route


def _integrate(invocation: Invocation) -> Response:
    target = str(invocation.route.get("target") or "").removeprefix("integrations/")
    integration = invocation.api.integrations.get(target) or {}
    kind = integration.get("integrationType")
    call = INTEGRATIONS.get(str(kind))
    if call is None or integration.get("integrationSubtype"):
        LOG.error(
            "%s %s: no integration of type %s", invocation.api.api_id, invocation.route["routeKey"], kind
        )
        raise internal_server_error()
    mapped = map_request(invocation, integration.get("requestParameters") or {})
    measures: dict[str, Any] = {}
    invocation.logged["integration"] = measures
    with measured(measures, HttpApiError):
        response = call(invocation, integration, mapped)
    measures.update(statuses(str(kind), response.status))
    return map_response(invocation, integration.get("responseParameters") or {}, response)


def _refusal(invocation: Invocation, error: HttpApiError) -> Response:
    invocation.logged["error"] = {"message": error.message}
    return error.response()
