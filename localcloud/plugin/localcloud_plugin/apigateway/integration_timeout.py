"""Integrations have 29 s, or their own timeout; then API Gateway answers 504, and what was called goes on.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
"""

from concurrent.futures import wait
from functools import partial
from typing import Any

from localstack.services.apigateway.next_gen.execute_api.gateway_response import IntegrationTimeoutError
from localstack.services.apigateway.next_gen.execute_api.handlers.integration import IntegrationHandler
from localstack.utils.threads import FuncThread


class TimedIntegration(IntegrationHandler):
    """LocalStack's handler, in a thread of its own: those that hang cannot use up a pool."""

    def __call__(self, chain: Any, context: Any, response: Any) -> None:
        """Call the integration; IntegrationTimeoutError when it takes too long."""
        thread: Any = FuncThread(partial(super().__call__, chain, context), response, quiet=True)
        thread.start()
        limit_ms = int(context.integration.get("timeoutInMillis") or 29_000)
        if not wait([thread.result_future], limit_ms / 1000).done:
            raise IntegrationTimeoutError("Endpoint request timed out")
        thread.result_future.result()
