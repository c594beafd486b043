"""Requests as API Gateway reads them: the time with its zone, slashes before the stage, payloads as they are.

Source: localstack/localstack tests/aws/services/apigateway/test_apigateway_lambda.snapshot.json,
test_lambda_aws_proxy_integration.
"""

import re
from datetime import UTC, datetime
from typing import Any

from localstack.aws.handlers.codec import ContentDecoder
from localstack.services.apigateway.helpers import REQUEST_TIME_DATE_FORMAT
from localstack.services.apigateway.next_gen.execute_api import handlers
from localstack.services.apigateway.next_gen.execute_api.handlers.parse import InvocationRequestParser
from localstack.utils.patch import patch

from localcloud.gateway_server.api_threads import is_for_an_api


class RequestParser(InvocationRequestParser):
    """Replaces LocalStack's handler of the same step."""

    @staticmethod
    def create_context_variables(context: Any) -> Any:
        """`$context`."""
        variables = InvocationRequestParser.create_context_variables(context)
        arrived = datetime.fromtimestamp(variables["requestTimeEpoch"] / 1000, UTC)
        return variables | {"requestTime": arrived.strftime(REQUEST_TIME_DATE_FORMAT)}

    @staticmethod
    def _enrich_with_raw_path(context: Any, invocation_request: Any) -> None:
        uri = context.request.environ.get("RAW_URI") or context.request.path
        context.request.environ["RAW_URI"] = re.sub("^/+", "/", uri)
        InvocationRequestParser._enrich_with_raw_path(context, invocation_request)


def _decode(decode: Any, self: Any, chain: Any, context: Any, response: Any) -> None:
    """Unpack what is not for a deployed API."""
    if not is_for_an_api(context.request.path.encode(), [context.request.host.encode()]):
        decode(self, chain, context, response)


def apply() -> None:
    """Put the parser into the chain, and LocalStack's decoder behind the check."""
    handlers.parse_request = RequestParser()
    patch(ContentDecoder.__call__)(_decode)  # type: ignore[no-untyped-call]
