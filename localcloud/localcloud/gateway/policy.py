"""The policies that Lambda authorizers return, evaluated against what is being called.

Sources:
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html and
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html

Left out: `Condition`, `NotAction` and `NotResource`. A statement with one of them makes the policy malformed,
so that nothing passes that AWS would have refused.
"""

from typing import Any

from localcloud.iam import policy
from localcloud.iam.policy import AccessRequest, Decision, Policy

INVOKE = "execute-api:Invoke"

_ELEMENTS = frozenset({"Sid", "Effect", "Action", "Resource"})


def read_policy(document: Any) -> Policy:
    """Read a `policyDocument`.

    Raises:
        MalformedPolicyError: Any part of it is malformed.
    """
    return policy.read_policy(document, _ELEMENTS)


def evaluate(statements: Policy, resource: str) -> Decision:
    """Decide whether what an ARN names may be invoked."""
    return policy.evaluate(statements, AccessRequest(INVOKE, resource))
