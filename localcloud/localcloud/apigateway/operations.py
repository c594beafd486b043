"""The control plane's operations that LocalStack refuses, fails at, or does otherwise than AWS.

Sources: https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html: a stage's settings of one
method can be removed, and its resource may be nested; a usage plan has limits of its own for methods of its
stages, its rate need not be whole (see tests/aws/services/apigateway/test_apigateway_canary.snapshot.json,
TestStageCrudCanary::test_update_stage_canary_deployment_validation, recorded in localstack/localstack);
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.html
and the pages below it: an OpenAPI document brings its gateway responses, and no authorizer of the one before.

Left out: gateway responses are not part of exports.
"""

import re
from collections.abc import Callable
from typing import Any

from localstack.aws.api.apigateway import BadRequestException, PutMode
from localstack.services.apigateway.helpers import OpenAPIExt, get_rest_api_container
from localstack.services.apigateway.legacy import provider as legacy
from localstack.services.apigateway.next_gen import provider
from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    DEFAULT_GATEWAY_RESPONSES,
    build_gateway_response,
)
from localstack.utils import patch as patching
from moto.apigateway.models import Stage, UsagePlan

from localcloud.apigateway.throttling import plain_key

_METHOD = r"/.+/[A-Z]+$"
_NESTED_SETTING = re.compile(
    r"/(?P<method>[^/]+/.+/[A-Z]+)/(?P<key>(?:metrics|logging|throttling|caching)/\w+)"
)
_STAGE_LIMIT = re.compile(
    r"/apiStages/(?P<stage>[^/]+)/throttle(?:/(?P<method>.+?))?(?:/(?P<limit>\w+Limit))?"
)
_IMPORT = "import_api_from_openapi_spec"


class _StagePaths(list[str]):
    """Takes the path of a method's settings too; a refusal's message, which lists all, leaves it out."""

    def __contains__(self, path: object) -> bool:
        return super().__contains__(path) or bool(re.match(_METHOD, str(path)))


def apply() -> None:
    """Wrap what updates and imports end in; the provider checks a stage's paths before."""
    patch: Any = patching.patch
    patch(Stage.apply_operations)(_update_stage)
    patch(UsagePlan.apply_patch_operations)(_update_plan)
    vars(provider).update(STAGE_UPDATE_PATHS=_StagePaths(legacy.STAGE_UPDATE_PATHS))
    _patch_import()


def _update_stage(update: Callable[..., Any], stage: Any, operations: list[dict[str, Any]]) -> Any:
    left = []
    for operation in operations:
        op, path = operation["op"], operation["path"]
        nested = _NESTED_SETTING.fullmatch(path)
        if op == "remove" and re.match(_METHOD, path):
            stage.method_settings.pop(path.removeprefix("/"), None)
        elif op != "remove" and nested:
            stage._patch_method_setting(nested["method"], nested["key"], operation["value"])
            continue
        left.append(operation)
    return update(stage, left)


def _update_plan(update: Callable[..., Any], plan: Any, operations: list[dict[str, Any]]) -> None:
    """One by one, since each may build on the one before."""
    for operation in operations:
        op, path, value = operation["op"], operation["path"], operation.get("value")
        if limit := _STAGE_LIMIT.fullmatch(path):
            _update_method(plan, op, limit, value)
        elif (op, path) == ("remove", "/apiStages"):
            plan.api_stages = [each for each in plan.api_stages if _name(each) != value]
        elif path == "/throttle/rateLimit" and op != "remove":
            plan.throttle["rateLimit"] = float(str(value))
        else:
            update(plan, [operation])


def _update_method(plan: Any, op: str, limit: re.Match[str], value: Any) -> None:
    stage = next((each for each in plan.api_stages if _name(each) == limit["stage"]), None)
    if stage is None:
        return
    limits: dict[str, Any] = stage.setdefault("throttle", {})
    method = plain_key(limit["method"]) if limit["method"] else None
    if op != "remove" and method and limit["limit"]:
        number: type[float] = float if limit["limit"] == "rateLimit" else int
        limits.setdefault(method, {})[limit["limit"]] = number(value)
    elif op == "remove" and method:
        limits.pop(method, None)
    elif op == "remove":
        limits.clear()


def _name(stage: dict[str, Any]) -> str:
    return f"{stage['apiId']}:{stage['stage']}"


def read_gateway_responses(document: dict[str, Any]) -> dict[str, Any]:
    """Read the extension.

    Args:
        document: The parsed OpenAPI document.

    Returns:
        dict[str, Any]: Response type to gateway response, empty without the extension.

    Raises:
        BadRequestException: A response type that API Gateway does not have.
    """
    definitions = document.get(OpenAPIExt.GATEWAY_RESPONSES) or {}
    if unknown := sorted(set(definitions) - {str(kind) for kind in DEFAULT_GATEWAY_RESPONSES}):
        raise BadRequestException(
            f"{OpenAPIExt.GATEWAY_RESPONSES}: unknown response type {', '.join(unknown)}"
        )
    return {kind: _build(kind, definition or {}) for kind, definition in definitions.items()}


def _build(kind: Any, definition: dict[str, Any]) -> Any:
    status = definition.get("statusCode")
    settings: dict[str, Any] = {
        "status_code": str(status) if status is not None else None,
        "response_parameters": definition.get("responseParameters"),
        "response_templates": definition.get("responseTemplates"),
    }
    return build_gateway_response(response_type=kind, default_response=False, **settings)


def _patch_import() -> None:
    """Wrap the import that PutRestApi and ImportRestApi share; LocalStack adds where it has to overwrite."""
    import_document = vars(legacy)[_IMPORT]

    def import_with_gateway_responses(
        rest_api: Any, context: Any, open_api_spec: dict[str, Any], mode: Any
    ) -> Any:
        responses: Any = read_gateway_responses(open_api_spec)
        container = get_rest_api_container(context, rest_api_id=rest_api.id)
        if mode == PutMode.overwrite:
            container.authorizers.clear()
        result = import_document(rest_api, context, open_api_spec, mode)
        kept: Any = container.gateway_responses if mode == PutMode.merge else {}
        container.gateway_responses = {**kept, **responses}
        return result

    patch: Any = patching.Patch(legacy, _IMPORT, import_with_gateway_responses)
    patch.apply()
