"""Passes a request on to the upstream of an HTTP_PROXY integration.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-http.html

Redirects are the caller's to follow. An upstream that cannot be reached or takes too long is 503. `Forwarded`
and `Via` say who called, as seen of AWS, and `Via` ends a loop of an API that calls itself. A path that would
leave the upstream's path (`..`) is refused.

Left out: VPC links, TLS settings.
"""

import logging
import re
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import urllib3
from urllib3.util import SKIP_HEADER
from werkzeug.datastructures import Headers

from localcloud.apigatewayv2.errors import HttpApiError, internal_server_error, service_unavailable
from localcloud.apigatewayv2.invocation import Invocation, substitute_stage_variables, timeout_seconds
from localcloud.apigatewayv2.parameter_mapping import MappedRequest
from localcloud.apigatewayv2.response import Response
from localcloud.apigatewayv2.route_selection import DEFAULT_ROUTE
from localcloud.gateway.received_request import end_to_end
from localcloud.gateway.time_limit import within

LOG = logging.getLogger(__name__)

MAX_HOPS = 5
"""How often a request may come by before it is a loop."""

_VIA = "HTTP/1.1 AmazonAPIGateway"
_VARIABLE = re.compile(r"\{([^}]+)\}")
_POOL = urllib3.PoolManager(num_pools=20, maxsize=20, retries=False, timeout=30)


def call_upstream(invocation: Invocation, integration: Mapping[str, Any], mapped: MappedRequest) -> Response:
    """Send the request and return the upstream's response, whatever its status.

    Raises:
        HttpApiError: 503 as above, 400 for a path that leaves the upstream's, 500 for a loop.
    """
    verb = integration.get("integrationMethod") or "ANY"
    method = invocation.method if verb == "ANY" else verb
    url = upstream_url(invocation, integration["integrationUri"], mapped)
    request = partial(_POOL.request, body=invocation.body or None, redirect=False, decode_content=False)
    try:
        limit, headers = timeout_seconds(integration), _request_headers(invocation, mapped.headers)
        response = within(limit, request, method, url, headers=headers)
    except (urllib3.exceptions.HTTPError, TimeoutError) as error:
        LOG.warning("%s: its upstream does not respond: %s", invocation.api.api_id, type(error).__name__)
        raise service_unavailable() from error
    received = end_to_end(Headers(list(response.headers.iteritems())))
    received.remove("content-length")
    return Response(response.status, received, response.data)


def upstream_url(invocation: Invocation, uri: str, mapped: MappedRequest) -> str:
    """The address of a request at the upstream.

    Args:
        invocation: The request.
        uri: The integration's, with `{variable}` for a path parameter; `$default` appends the whole path.
        mapped: Its query, and a path if the mapping overwrites it.

    Raises:
        HttpApiError: 400; the path would leave the upstream's.
    """
    named = substitute_stage_variables(uri, invocation)
    parts = urlsplit(_VARIABLE.sub(lambda match: _segment(invocation, match[1]), named))
    path = parts.path
    if invocation.route["routeKey"] == DEFAULT_ROUTE:
        path = path.rstrip("/") + _encode(invocation.path)
    if mapped.path is not None:
        path = "/" + _encode(mapped.path.lstrip("/"))
    query = "&".join(filter(None, (parts.query, mapped.query)))
    return urlunsplit((parts.scheme, parts.netloc, path or "/", query, ""))


def _segment(invocation: Invocation, variable: str) -> str:
    return _encode(invocation.path_parameters.get(variable.removesuffix("+"), ""))


def _encode(path: str) -> str:
    if not {".", ".."}.isdisjoint(path.split("/")):
        raise HttpApiError(400, "Bad Request")
    return quote(path, safe="/:@!$&'()*+,;=~")


def _request_headers(invocation: Invocation, headers: Headers) -> urllib3.HTTPHeaderDict:
    hops = headers.getlist("via")
    if sum(line.count(_VIA) for line in hops) >= MAX_HOPS:
        LOG.error("%s: its upstream is the API itself", invocation.api.api_id)
        raise internal_server_error()
    passed_on = headers.copy()
    for name in ("content-length", "expect", "host"):
        passed_on.remove(name)
    passed_on["forwarded"] = (
        f"by=127.0.0.1;for={invocation.source_ip};host={invocation.domain_name};proto=https"
    )
    passed_on["via"] = ", ".join((*hops, _VIA))
    for name in ("accept-encoding", "user-agent"):
        passed_on.setdefault(name, SKIP_HEADER)
    return urllib3.HTTPHeaderDict(list(passed_on))
