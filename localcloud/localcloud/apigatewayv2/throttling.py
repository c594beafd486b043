"""Throttles a route.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html

A route has a bucket of its own in every stage. A rate or burst of 0 lets nothing through, as on AWS; what the
stage does not say is the account's default. It comes after the authorizer (AWS does not say when).

Left out: limits that all APIs of an account share.
"""

from localcloud.apigatewayv2.errors import HttpApiError
from localcloud.apigatewayv2.invocation import Invocation
from localcloud.gateway.token_bucket import Limit, TokenBuckets

ACCOUNT_LIMIT = Limit(rate=10_000, burst=5_000)
"""Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html"""

_BUCKETS = TokenBuckets()


def throttle(invocation: Invocation, buckets: TokenBuckets = _BUCKETS) -> None:
    """Let the request through, or raise.

    Raises:
        HttpApiError: 429; more than the route's limit.
    """
    stage, key = invocation.stage, invocation.route["routeKey"]
    settings = (stage.get("defaultRouteSettings") or {}) | ((stage.get("routeSettings") or {}).get(key) or {})
    limit = Limit(
        float(settings.get("throttlingRateLimit", ACCOUNT_LIMIT.rate)),
        int(settings.get("throttlingBurstLimit", ACCOUNT_LIMIT.burst)),
    )
    if not buckets.take((invocation.api.api_id, stage["stageName"], key), limit):
        raise HttpApiError(429, "Too Many Requests")
