"""Evaluates the policy that an authorizer returns against the method that is being called.

Sources:
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
and https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html (Deny wins).

Left out: `Condition`, `NotAction` and `NotResource`. A statement with one of them makes the policy malformed,
so that nothing passes that AWS would have refused.
"""

import re
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple

INVOKE = "execute-api:Invoke"

_KEYS = {"Sid", "Effect", "Action", "Resource"}


class MalformedPolicyError(ValueError):
    """What was returned is not a policy document; the message says which part."""


class Decision(Enum):
    """What a policy says about one action on one resource."""

    ALLOW = "allow"
    EXPLICIT_DENY = "explicit deny"
    IMPLICIT_DENY = "implicit deny"


class Statement(NamedTuple):
    """One statement of a policy."""

    effect: str
    actions: list[str]
    resources: list[str]


def read_policy(document: Any) -> tuple[Statement, ...]:
    """Read a policy document, `{"Version", "Statement": [...]}`.

    Raises:
        MalformedPolicyError: any part of it is malformed.
    """
    return tuple(map(_read_statement, _statements(document)))


def evaluate(policy: tuple[Statement, ...], resource: str, action: str = INVOKE) -> Decision:
    """Decide.

    Args:
        policy: the statements.
        resource: the ARN of what is called.
        action: what is done to it.

    Returns:
        Decision: a matching Deny wins over any Allow; without a match it is an implicit deny.
    """
    effects = {
        statement.effect
        for statement in policy
        if any(matches(pattern.lower(), action.lower()) for pattern in statement.actions)
        and any(matches(pattern, resource) for pattern in statement.resources)
    }
    if "Deny" in effects:
        return Decision.EXPLICIT_DENY
    return Decision.ALLOW if effects else Decision.IMPLICIT_DENY


def matches(pattern: str, text: str) -> bool:
    """Match a whole text: `*` is any run of characters, slashes and colons included, and `?` any one."""
    return _compile(pattern).fullmatch(text) is not None


@lru_cache(maxsize=1024)
def _compile(pattern: str) -> re.Pattern[str]:
    """Translate; atomic groups keep the time linear in the text, however many wildcards there are."""
    first, *rest = (
        "".join("." if each == "?" else re.escape(each) for each in part) for part in pattern.split("*")
    )
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1])
    last = f".*{rest[-1]}" if rest else ""
    return re.compile(first + middle + last, re.DOTALL)


def _statements(document: Any) -> list[Any]:
    statements = document.get("Statement") if isinstance(document, dict) else None
    if isinstance(statements, dict):
        return [statements]
    if not isinstance(statements, list) or not statements:
        raise MalformedPolicyError("policyDocument.Statement: a list of statements is needed")
    return statements


def _read_statement(statement: Any) -> Statement:
    if not isinstance(statement, dict):
        raise MalformedPolicyError("policyDocument.Statement: each one is an object")
    if unknown := sorted(set(statement) - _KEYS):
        raise MalformedPolicyError(f"policyDocument.Statement: {', '.join(unknown)} is not supported")
    effect = statement.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise MalformedPolicyError("policyDocument.Statement.Effect: Allow or Deny is needed")
    return Statement(effect, _texts(statement, "Action"), _texts(statement, "Resource"))


def _texts(statement: dict[str, Any], key: str) -> list[str]:
    value = statement.get(key)
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not values or not all(isinstance(each, str) for each in values):
        raise MalformedPolicyError(f"policyDocument.Statement.{key}: a text or a list of texts is needed")
    return values
