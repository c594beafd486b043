"""What runs as soon as LocalStack starts: each correction of what it does other than AWS.

The imports wait until then: the services' modules are heavy.
"""

from typing import Any

from localstack.runtime import hooks


@hooks.on_infra_start(name="corrections")  # type: ignore[untyped-decorator]
def apply() -> None:
    """Apply all of them."""
    correct_rest_apis()
    _correct_http_apis_and_sign_in()
    _correct_step_functions()
    _correct_lambda_and_logs()
    _keep_small()


def correct_rest_apis() -> None:
    """Put the corrected handlers into the REST API's chain, and patch where there is none to replace."""
    from localstack.services.apigateway.next_gen.execute_api import handlers

    from localcloud.apigateway import (
        lambda_integration,
        openapi_import,
        operations,
        request_parsing,
        vtl,
    )
    from localcloud.apigateway.access_log import AccessLogger
    from localcloud.apigateway.authorization import Authorization
    from localcloud.apigateway.cognito_authorizer import CognitoAuthorizer
    from localcloud.apigateway.gateway_responses import GatewayResponder
    from localcloud.apigateway.integration import Integration
    from localcloud.apigateway.integration_mapping import RequestMapper, ResponseMapper
    from localcloud.apigateway.lambda_authorizer import LambdaAuthorizer, invoke_function
    from localcloud.apigateway.request_validation import (
        RequestBodyValidator,
        refuse_large_body,
    )
    from localcloud.apigateway.throttling import UsageMeter
    from localcloud.gateway.log_delivery import start_delivery
    from localcloud.tokens.verifier import verify

    ask: Any = LambdaAuthorizer(invoke_function)
    authorizers = {"TOKEN": ask, "REQUEST": ask, "COGNITO_USER_POOLS": CognitoAuthorizer(verify)}
    handlers.modify_request.append(refuse_large_body)
    handlers.preprocess_request.handlers[:] = [Authorization(authorizers)]  # it may name the API key
    handlers.api_key_validation_handler = UsageMeter()
    handlers.method_request_handler = RequestBodyValidator()
    handlers.integration_request_handler = RequestMapper()
    handlers.integration_handler = Integration()
    handlers.integration_response_handler = ResponseMapper()
    handlers.gateway_exception_handler = GatewayResponder()
    logger: Any = AccessLogger(start_delivery())
    handlers.usage_counter = logger
    for module in (lambda_integration, request_parsing, operations, vtl, openapi_import):
        module.apply()


def _correct_http_apis_and_sign_in() -> None:
    from localcloud import echo
    from localcloud.apigatewayv2 import data_plane, operations
    from localcloud.cognito_idp import messages
    from localcloud.cognito_idp.hosted_ui import endpoints, well_known

    for module in (data_plane, operations, echo, messages, well_known, endpoints):
        module.apply()


def _correct_step_functions() -> None:
    from localcloud import role_sessions
    from localcloud.stepfunctions import executions, finished, parsing, tasks, timeouts

    for module in (role_sessions, executions, timeouts, parsing, finished, tasks):
        module.apply()


def _correct_lambda_and_logs() -> None:
    from localcloud import logs
    from localcloud.executor import metrics
    from localcloud.executor.corrections import correct_lambda
    from localcloud.upkeep import log_events

    correct_lambda()
    for module in (metrics, logs, log_events):
        module.apply()


def _keep_small() -> None:
    from twisted.internet import reactor

    from localcloud.executor import metrics
    from localcloud.upkeep import corrections, log_file, schedule, threads

    workers: Any = reactor
    schedule.every_second(
        metrics.write,
        log_file.cut_log,
        threads.forget_ended,
        threads.shrink(workers.getThreadPool()),
    )
    schedule.start()
    corrections.freeze_what_is_loaded()
