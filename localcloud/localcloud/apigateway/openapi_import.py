"""Imports an OpenAPI document with its gateway responses, and without the authorizers of the one before.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.html
(and the pages of its responseParameters and responseTemplates below it).

Left out: the extension is not part of exports.
"""

from typing import Any

from localstack.aws.api.apigateway import BadRequestException, PutMode
from localstack.services.apigateway.helpers import OpenAPIExt, get_rest_api_container
from localstack.services.apigateway.legacy import provider
from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    DEFAULT_GATEWAY_RESPONSES,
    build_gateway_response,
)
from localstack.utils.patch import Patch

_IMPORT = "import_api_from_openapi_spec"


def read_gateway_responses(document: dict[str, Any]) -> dict[str, Any]:
    """Read the extension.

    Args:
        document: the parsed OpenAPI document.

    Returns:
        dict[str, Any]: response type to gateway response, empty without the extension.

    Raises:
        BadRequestException: a response type that API Gateway does not have.
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


def apply() -> None:
    """Wrap the import that PutRestApi and ImportRestApi share; LocalStack adds where it has to overwrite."""
    import_document = vars(provider)[_IMPORT]

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

    patch: Any = Patch(provider, _IMPORT, import_with_gateway_responses)
    patch.apply()
