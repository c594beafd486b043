"""What runs as soon as LocalStack starts: each correction of what it does other than AWS."""

from typing import Any

from localstack.runtime import hooks


@hooks.on_infra_start(name="corrections")  # type: ignore[untyped-decorator]
def apply() -> None:
    """Put the corrected handlers into the REST API's chain, and patch where there is none to replace.

    The imports wait until LocalStack starts: the services' modules are heavy.
    """
    from localstack.services.apigateway.next_gen.execute_api import handlers
    from twisted.internet import reactor

    from localcloud_plugin import echo, lambda_metrics, log_patterns, role_sessions
    from localcloud_plugin.apigateway import (
        access_log,
        lambda_proxy,
        openapi_import,
        request_parsing,
        settings_updates,
        vtl,
    )
    from localcloud_plugin.apigateway.authorization import Authorization
    from localcloud_plugin.apigateway.authorizer_input import invoke_function
    from localcloud_plugin.apigateway.cognito_authorizer import CognitoAuthorizer
    from localcloud_plugin.apigateway.gateway_responses import GatewayResponder
    from localcloud_plugin.apigateway.integration_mapping import RequestMapper, ResponseMapper
    from localcloud_plugin.apigateway.lambda_authorizer import LambdaAuthorizer
    from localcloud_plugin.apigateway.request_validation import (
        RequestBodyValidator,
        refuse_large_body,
    )
    from localcloud_plugin.apigateway.throttling import UsageMeter
    from localcloud_plugin.apigatewayv2 import data_plane, operations
    from localcloud_plugin.cognito_idp import messages
    from localcloud_plugin.cognito_idp.hosted import endpoints, well_known
    from localcloud_plugin.executor.corrections import correct_lambda
    from localcloud_plugin.stepfunctions import executions, finished, parsing, task_slots, timeouts
    from localcloud_plugin.tokens.verifier import verify
    from localcloud_plugin.upkeep import garbage, log_events, log_file, schedule, threads

    handlers.modify_request.append(refuse_large_body)
    ask: Any = LambdaAuthorizer(invoke_function)
    authorizers = {"TOKEN": ask, "REQUEST": ask, "COGNITO_USER_POOLS": CognitoAuthorizer(verify)}
    handlers.preprocess_request.handlers[:] = [Authorization(authorizers)]  # it may name the API key
    handlers.api_key_validation_handler = UsageMeter()
    handlers.method_request_handler = RequestBodyValidator()
    handlers.integration_request_handler = RequestMapper()
    handlers.integration_response_handler = ResponseMapper()
    handlers.gateway_exception_handler = GatewayResponder()
    access_log.apply()
    lambda_proxy.apply()
    request_parsing.apply()
    settings_updates.apply()
    vtl.apply()
    openapi_import.apply()
    role_sessions.apply()
    executions.apply()
    timeouts.apply()
    parsing.apply()
    finished.apply()
    task_slots.apply()
    lambda_metrics.apply()
    log_events.apply()
    garbage.freeze_what_is_loaded()
    workers: Any = reactor
    schedule.every_second(
        lambda_metrics.write,
        log_file.cut_log,
        threads.forget_ended,
        threads.shrink(workers.getThreadPool()),
    )
    schedule.start()
    correct_lambda()
    log_patterns.apply()
    data_plane.apply()
    operations.apply()
    echo.apply()
    messages.apply()
    well_known.apply()
    endpoints.apply()
