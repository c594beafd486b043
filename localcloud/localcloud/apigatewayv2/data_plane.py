"""Where HTTP APIs are called: the handler of LocalStack's gateway that knows them by their ids.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-publish.html (a stage's address)
and https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html

An API is at `/_aws/execute-api/<api id>`, and at the root of `<api id>.execute-api.<anything>` as a Host. The
handler comes before LocalStack's router and takes what has the id of an HTTP API, whichever services are
loaded: REST APIs never see it, and everything else goes its way. An API whose address is disabled responds as
if it had no stage (AWS does not say how). Every stage is served as if it deployed automatically, by moto's
current definition.
"""

import base64
import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote

from localstack.aws import handlers
from moto.apigatewayv2.models import apigatewayv2_backends
from rolo.request import Request

from localcloud.apigatewayv2.access_log import AccessLogger
from localcloud.apigatewayv2.errors import HttpApiError
from localcloud.apigatewayv2.invocation import DEFAULT_STAGE, HttpApi, Invocation
from localcloud.apigatewayv2.response import Response
from localcloud.apigatewayv2.serving import serve
from localcloud.gateway.log_delivery import start_delivery
from localcloud.gateway.received_request import end_to_end, received_path

_PATH = re.compile(r"/_aws/execute-api/(?P<api_id>[^/]+)(?P<path>/.*)?", re.DOTALL)
_HOST = re.compile(r"(?P<api_id>[^.]+)\.execute-api\.")


class DataPlane:
    """A request handler of LocalStack's gateway.

    Args:
        write_log: Takes each request and its response for the access log.
    """

    def __init__(self, write_log: Callable[[Invocation, Response], None]) -> None:
        self._write_log = write_log

    def __call__(self, chain: Any, context: Any, response: Any) -> None:
        """Respond to what is addressed to an HTTP API."""
        if found := _addressed(context.request):
            api, path = found
            served = self._serve(api, context.request, path)
            response.status_code = served.status
            response.headers.clear()
            response.headers.extend(served.headers)
            response.data = served.body
            chain.stop()

    def _serve(self, api: HttpApi, request: Request, path: str) -> Response:
        invocation = invoke_stage(api, request, path)
        if invocation is None:
            return HttpApiError(404, "Not Found").response()
        return serve(invocation, self._write_log)


def _addressed(request: Request) -> tuple[HttpApi, str] | None:
    """The API that a request is for, and the rest of its path, still encoded."""
    path = received_path(request)
    if match := _PATH.fullmatch(path):
        api_id, path = match["api_id"], match["path"] or "/"
    elif host := _HOST.match(request.host):
        api_id = host["api_id"]
    else:
        return None
    api = _find_api(api_id)
    return None if api is None else (api, path)


def invoke_stage(api: HttpApi, request: Request, path: str) -> Invocation | None:
    """Find the stage, a named one first, and say what is known of the request.

    Returns:
        Invocation | None: None if no stage serves the path, or the API's address is disabled.
    """
    if api.disabled:
        return None
    first, _, rest = path[1:].partition("/")
    name = unquote(first)
    if name in api.stages and name != DEFAULT_STAGE:
        stage, encoded = api.stages[name], f"/{rest}"
    elif DEFAULT_STAGE in api.stages:
        stage, encoded = api.stages[DEFAULT_STAGE], path
    else:
        return None
    arrived = time.time()
    headers = end_to_end(request.headers)
    headers.setdefault("x-amzn-trace-id", f"Root=1-{int(arrived):08x}-{secrets.token_hex(12)}")
    return Invocation(
        api=api,
        stage=stage,
        request=request,
        encoded_path=encoded,
        raw_path=unquote(path),
        raw_query=request.query_string.decode("latin-1"),
        headers=headers,
        body=request.get_data(),
        request_id=base64.b64encode(secrets.token_bytes(11)).decode(),
        arrived=round(arrived * 1000),
    )


def _find_api(api_id: str) -> HttpApi | None:
    """The HTTP API of an id, whichever account and region it is in; WebSocket APIs are none."""
    for account_id, regions in list(apigatewayv2_backends.items()):
        for region, backend in list(regions.items()):
            api = backend.apis.get(api_id)
            if api is not None and api.protocol_type == "HTTP":
                return _definition(account_id, region, api)
    return None


def _definition(account_id: str, region: str, api: Any) -> HttpApi:
    return HttpApi(
        account_id=account_id,
        region=region,
        api_id=api.api_id,
        cors=api.cors_configuration,
        disabled=bool(api.disable_execute_api_endpoint),
        routes=_json(api.routes.values()),
        integrations={each["integrationId"]: each for each in _json(api.integrations.values())},
        authorizers={each["authorizerId"]: each for each in _json(api.authorizers.values())},
        stages={each["stageName"]: each for each in _json(api.stages.values())},
    )


def _json(resources: Iterable[Any]) -> list[dict[str, Any]]:
    return [resource.to_json() for resource in list(resources)]


def apply() -> None:
    """Put the handler into LocalStack's chain."""
    handlers.preprocess_request.append(DataPlane(AccessLogger(start_delivery())))
