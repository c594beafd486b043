"""The canary of the REST API's stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient


class Stage:
    """The stage that splits the calls; Terraform makes the canary, and a promotion or a rollback ends it.

    Args:
        client: A client of API Gateway.
        api: The REST API's id.
        name: The stage's name.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/delete-canary-deployment.html
    """

    def __init__(self, client: APIGatewayClient, api: str, name: str) -> None:
        self._client = client
        self._api = api
        self._name = name

    def has_canary(self) -> bool:
        """Whether a share of the calls goes to the functions' versions on trial."""
        stage = self._client.get_stage(restApiId=self._api, stageName=self._name)
        return bool(stage.get("canarySettings"))

    def end_canary(self) -> None:
        """Send everybody to what is live."""
        self._client.update_stage(
            restApiId=self._api,
            stageName=self._name,
            patchOperations=[{"op": "remove", "path": "/canarySettings"}],
        )
