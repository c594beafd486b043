"""FlushStageAuthorizersCache, which LocalStack refuses: a stage's results of authorizers are forgotten.

Source: https://docs.aws.amazon.com/apigateway/latest/api/API_FlushStageAuthorizersCache.html
"""

from collections.abc import Callable
from typing import Any

from localstack.aws.api import RequestContext
from localstack.aws.api.apigateway import ApigatewayApi, NotFoundException
from localstack.services.apigateway.helpers import get_moto_rest_api
from localstack.utils.patch import patch

type Flush = Callable[[str, str, str, str], None]
"""Forgets the results of a stage: takes account, region, the API's id and the stage's name."""


def apply(flush: Flush) -> None:
    """Serve the operation.

    Args:
        flush: What forgets.
    """

    def flush_stage(
        _original: Any, _self: Any, context: RequestContext, rest_api_id: str, stage_name: str, **_: Any
    ) -> None:
        if stage_name not in get_moto_rest_api(context, rest_api_id).stages:
            raise NotFoundException("Invalid stage identifier specified")
        flush(context.account_id, context.region, rest_api_id, stage_name)

    patch(ApigatewayApi.flush_stage_authorizers_cache)(flush_stage)  # type: ignore[no-untyped-call]
