"""What runs as soon as LocalStack starts: each correction of what it does other than AWS.

The imports wait until then: the services' modules are heavy.
"""

from localstack.runtime import hooks


@hooks.on_infra_start(name="corrections")  # type: ignore[untyped-decorator]
def apply() -> None:
    """Apply all of them."""
    from localcloud import cloudwatch, echo, events, logs, request_constraints, role_sessions, sns, sqs
    from localcloud.apigateway import corrections as rest_apis
    from localcloud.apigatewayv2 import corrections as http_apis
    from localcloud.cognito_idp import corrections as user_pools
    from localcloud.executor import corrections as functions
    from localcloud.s3_select import corrections as queries
    from localcloud.stepfunctions import corrections as workflows
    from localcloud.upkeep import corrections as upkeep

    services = (rest_apis, http_apis, user_pools, workflows, functions, cloudwatch, events, logs, sns, sqs)
    for module in (*services, queries, echo, request_constraints, role_sessions, upkeep):
        module.apply()
