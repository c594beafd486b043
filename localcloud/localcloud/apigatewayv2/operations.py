"""The control plane's operations that moto lacks, and those in which it loses or allows what AWS does not.

Sources: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename.html,
https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes-routeid.html and
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html

An update merges a stage's variables and route settings with those that it has; an empty variable is removed.

Left out: refusing what names a log group, function or authorizer that does not exist; ExportApi.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast
from urllib.parse import unquote

from localstack.aws.api import CommonServiceException, RequestContext, ServiceResponse
from localstack.aws.connect import connect_to
from localstack.aws.skeleton import DispatchTable
from localstack.services.moto import call_moto
from localstack.utils.patch import patch
from moto.apigatewayv2.exceptions import APIGatewayV2Error
from moto.apigatewayv2.models import Api, ApiGatewayV2Backend, Stage, apigatewayv2_backends
from moto.apigatewayv2.responses import ApiGatewayV2Response

from localcloud.apigatewayv2.parameter_mapping import is_reserved
from localcloud.settings import gateway_url

_FUNCTION = {"IntegrationType": "AWS_PROXY", "IntegrationMethod": "POST", "PayloadFormatVersion": "2.0"}
_UPSTREAM = {"IntegrationType": "HTTP_PROXY", "IntegrationMethod": "ANY", "PayloadFormatVersion": "1.0"}
_REPLACED = {
    "accessLogSettings": "access_log_settings",
    "autoDeploy": "auto_deploy",
    "clientCertificateId": "client_certificate_id",
    "defaultRouteSettings": "default_route_settings",
    "description": "description",
}


def create_api(context: RequestContext, request: Any) -> ServiceResponse:
    """`CreateApi`; with a `Target`, its integration, route and stage too (quick create)."""
    api: Any = call_moto(context)
    if target := request.get("Target"):
        settings = {name: request[name] for name in ("CredentialsArn",) if name in request}
        settings |= _FUNCTION if target.startswith("arn:") else _UPSTREAM
        clients: Any = connect_to(aws_access_key_id=context.account_id, region_name=context.region)
        client, own = clients.apigatewayv2, {"ApiId": api["ApiId"]}
        integration = client.create_integration(**own, **settings, IntegrationUri=target)
        target = f"integrations/{integration['IntegrationId']}"
        client.create_route(**own, RouteKey=request.get("RouteKey", "$default"), Target=target)
        client.create_stage(**own, StageName="$default", AutoDeploy=True)
    return cast("ServiceResponse", api)


def delete_access_log_settings(context: RequestContext, request: Any) -> ServiceResponse:
    """`DeleteAccessLogSettings`."""
    _stage(context, request).access_log_settings = None
    return {}


def delete_route_settings(context: RequestContext, request: Any) -> ServiceResponse:
    """`DeleteRouteSettings`."""
    _stage(context, request).route_settings.pop(request["RouteKey"], None)
    return {}


def update_route(context: RequestContext, request: Any) -> ServiceResponse:
    """`UpdateRoute`, which may empty the scopes."""
    api = _backend(context).apis.get(request["ApiId"])
    route = api.routes.get(request["RouteId"]) if api else None
    if route and request.get("AuthorizationScopes") == []:
        route.authorization_scopes = []
    return call_moto(context)


def write_integration(context: RequestContext, request: Any) -> ServiceResponse:
    """`CreateIntegration` and `UpdateIntegration`, whose mappings leave reserved headers alone."""
    mappings = [request.get("RequestParameters") or {}, *(request.get("ResponseParameters") or {}).values()]
    for mapping in mappings:
        for key in mapping:
            place, _, name = key.partition(":")[2].partition(".")
            if place == "header" and is_reserved(name):
                raise CommonServiceException(
                    "BadRequestException",
                    "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
                    f"[Operations on header {name} are restricted]",
                )
    return call_moto(context)


OPERATIONS: DispatchTable = {
    "CreateApi": create_api,
    "CreateIntegration": write_integration,
    "DeleteAccessLogSettings": delete_access_log_settings,
    "DeleteRouteSettings": delete_route_settings,
    "UpdateIntegration": write_integration,
    "UpdateRoute": update_route,
}


def apply() -> None:
    """Give moto the operations that it lacks, at addresses that it has, and HTTP APIs theirs here."""
    responses: Any = ApiGatewayV2Response
    responses.update_stage = _update_stage
    responses.get_authorizers = _get_authorizers
    patch(Api.to_json)(_api_json)  # type: ignore[no-untyped-call]


def _api_json(original: Callable[[Api], dict[str, Any]], api: Api) -> dict[str, Any]:
    here = {"apiEndpoint": f"{gateway_url()}/_aws/execute-api/{api.api_id}"}
    return original(api) | (here if api.protocol_type == "HTTP" else {})


def _get_authorizers(self: ApiGatewayV2Response) -> tuple[int, dict[str, str], str]:
    api = self.apigatewayv2_backend.get_api(self.path.split("/")[-2])
    return 200, {}, json.dumps({"items": [each.to_json() for each in api.authorizers.values()]})


def _update_stage(self: ApiGatewayV2Response) -> tuple[int, dict[str, str], str]:
    """`UpdateStage`, as moto calls its operations."""
    api_id, _, name = self.path.split("/")[-3:]
    stage = self.apigatewayv2_backend.get_stage(api_id, unquote(name))
    change_stage(stage, json.loads(self.body))
    return 200, {}, json.dumps(stage.to_json())


def change_stage(stage: Stage, changes: dict[str, Any]) -> None:
    """Apply the body of an UpdateStage."""
    for name, attribute in _REPLACED.items():
        if changes.get(name) is not None:
            setattr(stage, attribute, changes[name])
    stage.route_settings = {**stage.route_settings, **(changes.get("routeSettings") or {})}
    variables = {**stage.stage_variables, **(changes.get("stageVariables") or {})}
    stage.stage_variables = {name: value for name, value in variables.items() if value}
    stage.updated = datetime.now()


def _stage(context: RequestContext, request: Any) -> Stage:
    try:
        return _backend(context).get_stage(request["ApiId"], request["StageName"])
    except APIGatewayV2Error as error:
        raise CommonServiceException(error.error_type, error.message, 404) from error


def _backend(context: RequestContext) -> ApiGatewayV2Backend:
    return apigatewayv2_backends[context.account_id][context.region]
