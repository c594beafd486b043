"""The values of `$context`, for parameter mapping and the access log.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html

Left out: `awsEndpointRequestId`, `customDomain`, `dataProcessed`.
"""

from typing import Any

from localcloud.apigatewayv2.invocation import Invocation
from localcloud.apigatewayv2.lambda_event import identity
from localcloud.gateway.access_log import integration_variables


def context_variables(invocation: Invocation) -> dict[str, Any]:
    """The values below `$context`, nested, as far as they are known by now."""
    passed_on = invocation.authorizer
    return {
        "accountId": invocation.api.account_id,
        "apiId": invocation.api.api_id,
        "domainName": invocation.domain_name,
        "domainPrefix": invocation.api.api_id,
        "extendedRequestId": invocation.request_id,
        "httpMethod": invocation.method,
        "identity": identity(invocation),
        "path": invocation.raw_path,
        "protocol": "HTTP/1.1",
        "requestId": invocation.request_id,
        "requestTime": invocation.time,
        "requestTimeEpoch": invocation.arrived,
        "routeKey": invocation.route.get("routeKey"),
        "stage": invocation.stage["stageName"],
        **invocation.logged,
        **integration_variables(invocation.logged.get("integration") or {}),
        "authorizer": {
            **(invocation.logged.get("authorizer") or {}),
            **(passed_on.get("lambda") or {}),
            "claims": (passed_on.get("jwt") or {}).get("claims"),
        },
    }
