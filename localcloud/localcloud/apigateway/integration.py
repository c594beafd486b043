"""Integrations have 29 s, or their own timeout; then API Gateway answers 504, and what was called goes on.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
"""

from typing import Any

from localstack.services.apigateway.next_gen.execute_api.gateway_response import IntegrationTimeoutError
from localstack.services.apigateway.next_gen.execute_api.handlers.integration import IntegrationHandler

from localcloud.gateway.time_limit import within


class TimedIntegration(IntegrationHandler):
    """LocalStack's handler, which waits for ever, with a limit."""

    def __call__(self, chain: Any, context: Any, response: Any) -> None:
        """Call the integration; IntegrationTimeoutError when it takes too long."""
        limit_ms = int(context.integration.get("timeoutInMillis") or 29_000)
        try:
            within(limit_ms / 1000, super().__call__, chain, context, response)
        except TimeoutError as error:
            raise IntegrationTimeoutError("Endpoint request timed out") from error
