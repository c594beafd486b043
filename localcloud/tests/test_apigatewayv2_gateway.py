"""An HTTP API from the address to the integration: stages, CORS, refusals, throttling, the access log."""

import json
from collections.abc import Mapping
from dataclasses import replace
from inspect import signature
from typing import Any
from urllib.parse import unquote

import pytest
import rolo
from hypothesis import given
from hypothesis import strategies as st
from moto.apigatewayv2.models import apigatewayv2_backends
from rolo import Request
from werkzeug.datastructures import Headers

from localcloud import echo
from localcloud.apigatewayv2 import authorization, serving, throttling
from localcloud.apigatewayv2.access_log import log_entry
from localcloud.apigatewayv2.data_plane import DataPlane, invoke_stage
from localcloud.apigatewayv2.errors import HttpApiError
from localcloud.apigatewayv2.invocation import HttpApi, Invocation
from localcloud.apigatewayv2.response import Response
from localcloud.apigatewayv2.serving import serve
from localcloud.gateway.token_bucket import TokenBuckets

ORIGIN = "https://app.example.com"
CORS = {
    "allowOrigins": [ORIGIN, "http://*"],
    "allowMethods": ["GET"],
    "allowHeaders": ["authorization"],
    "exposeHeaders": ["x-a"],
    "maxAge": 60,
    "allowCredentials": True,
}
ROUTES = (
    {"routeKey": "GET /open", "target": "integrations/fine"},
    {"routeKey": "GET /secret", "target": "integrations/fine", "authorizationType": "REFUSING"},
    {"routeKey": "ANY /any/{proxy+}", "target": "integrations/fine", "authorizationType": "REFUSING"},
    {"routeKey": "GET /unserved", "target": "integrations/fine", "authorizationType": "NEW"},
    {"routeKey": "GET /broken", "target": "integrations/broken"},
    {"routeKey": "GET /nowhere", "target": "integrations/gone"},
)
API = HttpApi(
    account_id="000000000000",
    region="us-east-1",
    api_id="abc",
    cors=None,
    disabled=False,
    routes=ROUTES,
    integrations={"fine": {"integrationType": "FINE"}, "broken": {"integrationType": "BROKEN"}},
    authorizers={},
    stages={"$default": {"stageName": "$default"}, "beta": {"stageName": "beta"}},
)


@pytest.fixture(autouse=True)
def _integrations(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Any:
        raise HttpApiError(401, "Unauthorized", {"www-authenticate": "Bearer"})

    def fine(*_: Any) -> Response:
        return Response(200, Headers({"access-control-allow-origin": "theirs", "x-a": "1"}), b"fine")

    monkeypatch.setitem(serving.INTEGRATIONS, "FINE", fine)

    def broken(*_: Any) -> Response:
        raise KeyError("a defect of ours")

    monkeypatch.setitem(serving.INTEGRATIONS, "BROKEN", broken)
    monkeypatch.setitem(authorization.AUTHORIZERS, "REFUSING", refuse)


def invoke(
    path: str, method: str = "GET", api: HttpApi = API, body: bytes = b"", **headers: str
) -> tuple[Invocation, Response]:
    named = Headers([(name.replace("_", "-"), value) for name, value in headers.items()])
    invocation = invoke_stage(api, Request(method, path, named, body), path)
    assert invocation
    return invocation, serve(invocation, lambda *_: None)


def call(path: str, method: str = "GET", api: HttpApi = API, body: bytes = b"", **headers: str) -> Response:
    return invoke(path, method, api, body, **headers)[1]


@pytest.mark.parametrize(
    ("path", "stage", "rest"),
    [
        ("/open", "$default", "/open"),
        ("/beta/open", "beta", "/open"),
        ("/beta", "beta", "/"),
        ("/betamax/x", "$default", "/betamax/x"),
        ("/$default/open", "$default", "/$default/open"),
        ("/", "$default", "/"),
    ],
)
def test_a_named_stage_comes_first(path: str, stage: str, rest: str) -> None:
    invocation, _ = invoke(path)

    assert (invocation.stage["stageName"], invocation.path) == (stage, rest)
    assert invocation.raw_path == path


def test_no_stage_serves_the_path() -> None:
    only_beta = replace(API, stages={"beta": {"stageName": "beta"}})

    assert invoke_stage(only_beta, Request("GET", "/open"), "/open") is None
    assert invoke_stage(replace(API, disabled=True), Request("GET", "/open"), "/open") is None


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/unknown", 404, "Not Found"),
        ("/secret", 401, "Unauthorized"),
        ("/unserved", 500, "Internal Server Error"),
        ("/broken", 500, "Internal Server Error"),
        ("/nowhere", 500, "Internal Server Error"),
    ],
)
def test_refusals(path: str, status: int, message: str) -> None:
    response = call(path)

    assert (response.status, json.loads(response.body)) == (status, {"message": message})
    assert response.headers["content-type"] == "application/json"
    assert len(response.headers["apigw-requestid"]) == 16


def test_a_large_body_is_refused() -> None:
    assert call("/open", body=b"x" * (10 * 1024 * 1024 + 1)).status == 413
    assert call("/open", body=b"x" * (10 * 1024 * 1024)).status == 200


def cors_headers(response: Response) -> dict[str, str]:
    prefix = "access-control-"
    return {name.removeprefix(prefix): value for name, value in response.headers if name.startswith(prefix)}


COMMON = {"allow-origin": ORIGIN, "allow-credentials": "true", "expose-headers": "x-a"}


def test_a_preflight_is_answered_where_no_route_takes_it() -> None:
    api = replace(API, cors=CORS)

    response = call("/secret", "OPTIONS", api, origin=ORIGIN, access_control_request_method="GET")

    assert response.status == 204
    assert cors_headers(response) == COMMON | {
        "allow-methods": "GET",
        "allow-headers": "authorization",
        "max-age": "60",
    }


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.test", "access_control_request_method": "GET"}, {"origin": ORIGIN}, {}],
)
def test_a_preflight_that_gets_no_headers(headers: dict[str, Any]) -> None:
    response = call("/secret", "OPTIONS", replace(API, cors=CORS), **headers)

    assert (response.status, cors_headers(response)) == (204, {})


def test_a_preflight_that_a_route_takes_meets_its_authorizer() -> None:
    api = replace(API, cors=CORS)

    response = call("/any/thing", "OPTIONS", api, origin=ORIGIN, access_control_request_method="GET")

    assert (response.status, cors_headers(response)) == (401, COMMON)


def test_options_without_cors_is_a_request_like_any_other() -> None:
    response = call("/secret", "OPTIONS", origin=ORIGIN, access_control_request_method="GET")

    assert (response.status, cors_headers(response)) == (404, {})


@pytest.mark.parametrize(
    ("cors", "origin", "allowed"),
    [
        (None, ORIGIN, "theirs"),
        (CORS, ORIGIN, ORIGIN),
        (CORS, "http://any.test", "http://any.test"),
        (CORS, "https://app.example.com.evil.test", None),
        ({"allowOrigins": ["*"]}, "https://any.test", "*"),
        ({"allowMethods": ["GET"]}, ORIGIN, None),
    ],
)
def test_the_apis_cors_headers_replace_the_integrations(
    cors: Mapping[str, Any] | None, origin: str, allowed: str | None
) -> None:
    response = call("/open", api=replace(API, cors=cors), origin=origin)

    assert cors_headers(response).get("allow-origin") == allowed
    assert response.headers["x-a"] == "1"


@given(st.integers(0, 5), st.integers(0, 5))
def test_a_route_is_throttled_by_its_own_settings_or_the_stages(stage_burst: int, route_burst: int) -> None:
    stage = {
        "stageName": "$default",
        "defaultRouteSettings": {"throttlingRateLimit": 0.0, "throttlingBurstLimit": stage_burst},
        "routeSettings": {"GET /open": {"throttlingBurstLimit": route_burst}},
    }
    buckets = TokenBuckets(clock=lambda: 0.0)

    def passes(key: str) -> bool:
        invocation, _ = invoke("/")
        invocation.stage, invocation.route = stage, {"routeKey": key}
        try:
            throttling.throttle(invocation, buckets)
        except HttpApiError as error:
            return error.status != 429
        return True

    assert sum(passes("GET /open") for _ in range(10)) == route_burst
    assert sum(passes("GET /other") for _ in range(10)) == stage_burst


def test_the_access_log_names_what_happened() -> None:
    variables = ("status", "routeKey", "error.message", "integration.status", "authorizer.claims.sub", "path")
    line = json.dumps({name: f"$context.{name}" for name in variables})
    log = {"destinationArn": "arn:aws:logs:us-east-1:000000000000:log-group:/g", "format": line}
    api = replace(API, stages={"$default": {"stageName": "$default", "accessLogSettings": log}})

    def logged(path: str) -> Any:
        invocation, response = invoke(path, api=api)
        invocation.authorizer = {"jwt": {"claims": {"sub": "s"}}}
        entry = log_entry(invocation, response, invocation.arrived)
        assert entry
        assert entry.stream == "abc_$default"
        return tuple(json.loads(entry.line).values())

    assert logged("/open") == ("200", "GET /open", "-", "200", "s", "/open")
    assert logged("/unknown") == ("404", "-", "Not Found", "-", "s", "/unknown")
    assert log_entry(*invoke("/open"), 0) is None


class Chain:
    """LocalStack's, as far as handlers use it."""

    stopped = False

    def stop(self) -> None:
        self.stopped = True

    terminate = stop


def handled(handler: Any, path: str, host: str = "127.0.0.1:4566") -> rolo.Response | None:
    """What a handler of LocalStack's gateway responses; None if it leaves the request to others."""
    chain, response = Chain(), rolo.Response()
    path, _, query = path.partition("?")
    request = Request("GET", unquote(path), {"host": host}, query_string=query, raw_path=path)
    handler(chain, type("Context", (), {"request": request}), response)
    return response if chain.stopped else None


def test_the_apis_id_decides_who_answers() -> None:
    backend = apigatewayv2_backends["111111111111"]["us-east-1"]
    nothing: dict[str, Any] = dict.fromkeys(signature(backend.create_api).parameters)
    api, other = (backend.create_api(**nothing | {"protocol_type": kind}) for kind in ("HTTP", "WEBSOCKET"))
    api.create_stage({"stageName": "$default"})
    handler = DataPlane(lambda *_: None)

    for path, host in ((f"/_aws/execute-api/{api.api_id}/x", "h"), ("/x", f"{api.api_id}.execute-api.h")):
        response = handled(handler, path, host)
        assert response
        assert (response.status_code, response.json) == (404, {"message": "Not Found"})
    assert handled(handler, f"/_aws/execute-api/{other.api_id}/x") is None
    assert handled(handler, "/_aws/execute-api/unknown/x") is None
    assert handled(handler, f"/elsewhere/{api.api_id}") is None


def test_echo_answers_below_its_prefix_alone() -> None:
    response = handled(echo.echo, "/_localcloud/echo/a%20b;c=d?x=1&x=2")

    assert response
    assert response.json == {
        "method": "GET",
        "path": "/a%20b;c=d",
        "query": "x=1&x=2",
        "headers": {"host": "127.0.0.1:4566", "content-length": "0"},
        "body": "",
    }
    assert handled(echo.echo, "/_localcloud/echoes") is None
