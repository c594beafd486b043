"""Puts authorization and metering into the REST API's chain, in API Gateway's order.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
and https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html (the
authorizer comes first: it may name the API key); both come before the request's validation.
"""

from localstack.services.apigateway.next_gen.execute_api import handlers

from localcloud_plugin.apigateway.authorization import Authorization
from localcloud_plugin.apigateway.authorizer_input import invoke_function
from localcloud_plugin.apigateway.cognito_authorizer import CognitoAuthorizer
from localcloud_plugin.apigateway.lambda_authorizer import LambdaAuthorizer
from localcloud_plugin.apigateway.throttling import UsageMeter
from localcloud_plugin.tokens.verifier import verify


def apply() -> None:
    """Put both into the chain, with fresh buckets and quotas."""
    by_function = LambdaAuthorizer(invoke_function)
    by_token = CognitoAuthorizer(verify)
    authorization = Authorization(
        {"TOKEN": by_function, "REQUEST": by_function, "COGNITO_USER_POOLS": by_token}
    )
    handlers.preprocess_request.handlers[:] = [authorization]
    handlers.api_key_validation_handler = UsageMeter()
