"""Finds HTTP APIs in moto's store.

Every stage is served as if it deployed automatically: the definition is the current one, whether or not the
stage has `autoDeploy`.
"""

from collections.abc import Iterable
from typing import Any

from moto.apigatewayv2.models import apigatewayv2_backends

from localcloud.apigatewayv2.invocation import HttpApi


def find_api(api_id: str) -> HttpApi | None:
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
