"""Calls integrations; after 29 s, or their own timeout, the response is 504, and what was called goes on.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
"""

from typing import Any

from localstack.services.apigateway.next_gen.execute_api.gateway_response import IntegrationTimeoutError
from localstack.services.apigateway.next_gen.execute_api.handlers.integration import IntegrationHandler

from localcloud.gateway.access_log import measured, statuses
from localcloud.gateway.time_limit import within


class Integration(IntegrationHandler):
    """Replaces LocalStack's handler, which waits for ever and measures nothing."""

    def __call__(self, chain: Any, context: Any, response: Any) -> None:
        """Call the integration, and keep how long it took and what it said; MOCK has nothing to call.

        Raises:
            IntegrationTimeoutError: It takes too long.
        """
        kind = context.integration["type"]
        if kind == "MOCK":
            super().__call__(chain, context, response)
            return
        measures: dict[str, Any] = {}
        logged = context.logging_context_variables or {}
        context.logging_context_variables = {**logged, "integration": measures}
        with measured(measures):
            self._call_in_time(chain, context, response)
            measures.update(statuses(kind, context.endpoint_response["status_code"]))

    def _call_in_time(self, chain: Any, context: Any, response: Any) -> None:
        limit_ms = int(context.integration.get("timeoutInMillis") or 29_000)
        try:
            within(limit_ms / 1000, super().__call__, chain, context, response)
        except TimeoutError as error:
            raise IntegrationTimeoutError("Endpoint request timed out") from error
