"""What LocalStack's REST APIs do otherwise from here on: corrected handlers of their chain, and patches."""

from typing import Any

from localstack.services.apigateway.next_gen.execute_api import handlers

from localcloud.apigateway import flushing, lambda_integration, operations, request_parsing, vtl
from localcloud.apigateway.access_log import AccessLogger
from localcloud.apigateway.authorization import Authorization
from localcloud.apigateway.cognito_authorizer import CognitoAuthorizer
from localcloud.apigateway.gateway_responses import GatewayResponder
from localcloud.apigateway.integration import Integration
from localcloud.apigateway.integration_mapping import RequestMapper, ResponseMapper
from localcloud.apigateway.lambda_authorizer import LambdaAuthorizer, invoke_function
from localcloud.apigateway.request_validation import RequestBodyValidator, refuse_large_body
from localcloud.apigateway.throttling import UsageMeter
from localcloud.gateway.log_delivery import start_delivery
from localcloud.tokens.verifier import verify


def apply() -> None:
    """Put the handlers into the chain, and patch where there is none to replace."""
    asking = LambdaAuthorizer(invoke_function)
    ask: Any = asking
    authorizers = {"TOKEN": ask, "REQUEST": ask, "COGNITO_USER_POOLS": CognitoAuthorizer(verify)}
    logger: Any = AccessLogger(start_delivery())
    handlers.modify_request.append(refuse_large_body)
    handlers.preprocess_request.handlers[:] = [Authorization(authorizers)]  # it may name the API key
    handlers.api_key_validation_handler = UsageMeter()
    handlers.method_request_handler = RequestBodyValidator()
    handlers.integration_request_handler = RequestMapper()
    handlers.integration_handler = Integration()
    handlers.integration_response_handler = ResponseMapper()
    handlers.gateway_exception_handler = GatewayResponder()
    handlers.usage_counter = logger
    for module in (lambda_integration, request_parsing, operations, vtl):
        module.apply()
    flushing.apply(asking.flush)
