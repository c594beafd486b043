"""The event that a Lambda function gets, payload format 1.0 or 2.0.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html

What that page does not say is as seen of AWS: paths and path parameters are decoded, `rawQueryString` is not;
2.0 has no field for what is empty and keeps cookies out of `headers`; a body is text if its content type is
one of those below and UTF-8, otherwise Base64 (recorded: https://github.com/ministackorg/ministack/pull/766).

Left out: client certificates.
"""

import base64
import re
from collections.abc import Iterable
from typing import Any

from localcloud.apigatewayv2.invocation import Invocation

TEXT = re.compile(r"\s*(application/(json|javascript|xml)|text/[^;]*)\s*(;.*)?", re.IGNORECASE | re.DOTALL)


def build_event(invocation: Invocation, version: str) -> dict[str, Any]:
    """Build the event.

    Args:
        invocation: The request.
        version: The integration's `payloadFormatVersion`.
    """
    return _event_2(invocation) if version == "2.0" else _event_1(invocation)


def request_context(invocation: Invocation) -> dict[str, Any]:
    """`requestContext` of format 2.0."""
    context: dict[str, Any] = {
        "accountId": invocation.api.account_id,
        "apiId": invocation.api.api_id,
        "domainName": invocation.domain_name,
        "domainPrefix": invocation.api.api_id,
        "http": {
            "method": invocation.method,
            "path": invocation.raw_path,
            "protocol": "HTTP/1.1",
            "sourceIp": invocation.source_ip,
            "userAgent": invocation.user_agent,
        },
        "requestId": invocation.request_id,
        "routeKey": invocation.route["routeKey"],
        "stage": invocation.stage["stageName"],
        "time": invocation.time,
        "timeEpoch": invocation.arrived,
    }
    return context | ({"authorizer": invocation.authorizer} if invocation.authorizer else {})


def header_values(invocation: Invocation) -> dict[str, list[str]]:
    """The headers' values by name in lower case, with those that say where the request came from."""
    request = invocation.request
    headers = _grouped((name.lower(), value) for name, value in invocation.headers)
    before = headers.get("x-forwarded-for", [])
    return headers | {
        "x-forwarded-for": [", ".join([*before, invocation.source_ip])],
        "x-forwarded-port": [str(request.environ.get("SERVER_PORT", ""))],
        "x-forwarded-proto": [request.scheme],
    }


def _event_2(invocation: Invocation) -> dict[str, Any]:
    headers = header_values(invocation)
    cookies = [cookie for line in headers.pop("cookie", []) for cookie in line.split("; ")]
    body, encoded = _body(invocation)
    optional = {
        "cookies": cookies,
        "queryStringParameters": _joined(_grouped(invocation.query)),
        "pathParameters": invocation.path_parameters,
        "stageVariables": invocation.stage_variables,
        "body": body,
    }
    return {
        "version": "2.0",
        "routeKey": invocation.route["routeKey"],
        "rawPath": invocation.raw_path,
        "rawQueryString": invocation.raw_query,
        "headers": _joined(headers),
        "requestContext": request_context(invocation),
        "isBase64Encoded": encoded,
    } | {name: value for name, value in optional.items() if value}


def _event_1(invocation: Invocation) -> dict[str, Any]:
    headers, query = header_values(invocation), _grouped(invocation.query)
    body, encoded = _body(invocation)
    return {
        "version": "1.0",
        "resource": _resource(invocation),
        "path": invocation.raw_path,
        "httpMethod": invocation.method,
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {name: values[0] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "requestContext": _request_context_1(invocation),
        "pathParameters": invocation.path_parameters or None,
        "stageVariables": invocation.stage_variables or None,
        "body": body,
        "isBase64Encoded": encoded,
    }


def _request_context_1(invocation: Invocation) -> dict[str, Any]:
    return {
        "accountId": invocation.api.account_id,
        "apiId": invocation.api.api_id,
        "authorizer": _authorizer_1(invocation),
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
        "resourceId": None,
        "resourcePath": _resource(invocation),
        "stage": invocation.stage["stageName"],
    }


def _authorizer_1(invocation: Invocation) -> dict[str, Any]:
    token = invocation.authorizer.get("jwt") or {}
    absent = {"claims": token.get("claims"), "scopes": token.get("scopes")}
    return dict(invocation.authorizer.get("lambda") or absent)


def identity(invocation: Invocation) -> dict[str, Any]:
    """Who calls, `$context.identity`: filled by IAM authorization."""
    caller = invocation.authorizer.get("iam") or {}
    cognito = caller.get("cognitoIdentity") or {}
    kind, *providers = cognito.get("amr") or [None]
    return {
        "accessKey": caller.get("accessKey"),
        "accountId": caller.get("accountId"),
        "caller": caller.get("callerId"),
        "cognitoAuthenticationProvider": ",".join(providers) or None,
        "cognitoAuthenticationType": kind,
        "cognitoIdentityId": cognito.get("identityId"),
        "cognitoIdentityPoolId": cognito.get("identityPoolId"),
        "principalOrgId": caller.get("principalOrgId"),
        "sourceIp": invocation.source_ip,
        "user": caller.get("userId"),
        "userAgent": invocation.user_agent,
        "userArn": caller.get("userArn"),
    }


def _resource(invocation: Invocation) -> str:
    return str(invocation.route["routeKey"]).partition(" ")[2] or "$default"


def _body(invocation: Invocation) -> tuple[str | None, bool]:
    """The body as text, and whether that is Base64."""
    if not invocation.body:
        return None, False
    if TEXT.fullmatch(invocation.headers.get("content-type", "")):
        try:
            return invocation.body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(invocation.body).decode(), True


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name, value in pairs:
        groups.setdefault(name, []).append(value)
    return groups


def _joined(groups: dict[str, list[str]]) -> dict[str, str]:
    return {name: ",".join(values) for name, values in groups.items()}
