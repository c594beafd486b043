"""Reads policy documents and evaluates them.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html (a Deny wins, and
where nothing allows it is denied).

A statement with an element that is not supported makes its policy malformed, so that nothing passes that AWS
would have refused.

Left out: `NotPrincipal`, service control policies.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from localcloud.iam.conditions import read_conditions
from localcloud.iam.wildcards import Values, matches

IDENTITY_ELEMENTS = frozenset(
    {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)
"""What a statement of a policy attached to a user, group or role may have."""

TRUST_ELEMENTS = frozenset({"Sid", "Effect", "Principal", "Action", "NotAction", "Condition"})
"""What a statement of a role's trust policy may have."""


class MalformedPolicyError(ValueError):
    """It is not a policy document; the message says which part."""


class Decision(Enum):
    """What policies say about one request."""

    ALLOW = "allow"
    EXPLICIT_DENY = "explicit deny"
    IMPLICIT_DENY = "implicit deny"


@dataclass(frozen=True)
class AccessRequest:
    """What somebody wants to do.

    Attributes:
        action: Such as `execute-api:Invoke`.
        resource: The ARN of what it is done to; a role's trust policy does not ask.
        principal: The caller's type and name, such as `Federated` and `cognito-identity.amazonaws.com`; only
            a trust policy asks.
        context: The values of condition keys, by their names in lower case.
    """

    action: str
    resource: str = ""
    principal: tuple[str, str] = ("", "")
    context: Values = field(default_factory=dict)


type Test = Callable[[AccessRequest], bool]


class Statement(NamedTuple):
    """One statement: its effect on the requests that pass all its tests."""

    effect: str
    tests: tuple[Test, ...]


type Policy = tuple[Statement, ...]


def read_policy(document: Any, elements: Collection[str] = IDENTITY_ELEMENTS) -> Policy:
    """Read a policy document, `{"Version", "Statement": [...]}`.

    Args:
        document: The parsed JSON.
        elements: What a statement may have.

    Raises:
        MalformedPolicyError: Any part of it is malformed, or not supported.
    """
    return tuple(_read_statement(statement, elements) for statement in _statements(document))


def evaluate(policy: Iterable[Statement], request: AccessRequest) -> Decision:
    """Decide by all the statements of one kind that concern a request: a Deny wins over any Allow."""
    effects = {statement.effect for statement in policy if all(passes(request) for passes in statement.tests)}
    if "Deny" in effects:
        return Decision.EXPLICIT_DENY
    return Decision.ALLOW if effects else Decision.IMPLICIT_DENY


def _statements(document: Any) -> list[Any]:
    statements = document.get("Statement") if isinstance(document, dict) else None
    if isinstance(statements, dict):
        return [statements]
    if not isinstance(statements, list) or not statements:
        raise MalformedPolicyError("Statement: a list of statements is needed")
    return statements


def _read_statement(statement: Any, elements: Collection[str]) -> Statement:
    if not isinstance(statement, dict):
        raise MalformedPolicyError("Statement: each one is an object")
    if unknown := sorted(statement.keys() - set(elements)):
        raise MalformedPolicyError(f"Statement: {', '.join(unknown)} is not supported")
    effect = statement.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise MalformedPolicyError("Statement.Effect: Allow or Deny is needed")
    for name in ("Action", "Resource") if "Resource" in elements else ("Action", "Principal"):
        if len({name, f"Not{name}"} & statement.keys()) != 1:
            raise MalformedPolicyError(f"Statement.{name}: a text or a list of texts is needed")
    return Statement(
        effect, tuple(_TESTS[name](statement[name], name) for name in _TESTS if name in statement)
    )


def _action_test(value: Any, name: str) -> Test:
    patterns = [pattern.lower() for pattern in _texts(value, name)]
    return lambda request: any(matches(pattern, request.action.lower()) for pattern in patterns)


def _resource_test(value: Any, name: str) -> Test:
    patterns = _texts(value, name)
    return lambda request: any(matches(pattern, request.resource, request.context) for pattern in patterns)


def _principal_test(value: Any, name: str) -> Test:
    """`*` is everybody; no other wildcard means anything here."""
    if value == "*":
        return lambda _: True
    if not isinstance(value, Mapping):
        raise MalformedPolicyError(f"Statement.{name}: an object or * is needed")
    trusted = {(kind, each) for kind, names in value.items() for each in _texts(names, f"{name}.{kind}")}
    return lambda request: request.principal in trusted or (request.principal[0], "*") in trusted


def _condition_test(value: Any, _name: str) -> Test:
    try:
        conditions = read_conditions(value)
    except ValueError as error:
        raise MalformedPolicyError(f"Statement.{error}") from error
    return lambda request: all(condition.holds(request.context) for condition in conditions)


def _negated(read: Callable[[Any, str], Test]) -> Callable[[Any, str], Test]:
    def read_negated(value: Any, name: str) -> Test:
        passes = read(value, name)
        return lambda request: not passes(request)

    return read_negated


_TESTS: dict[str, Callable[[Any, str], Test]] = {
    "Principal": _principal_test,
    "Action": _action_test,
    "NotAction": _negated(_action_test),
    "Resource": _resource_test,
    "NotResource": _negated(_resource_test),
    "Condition": _condition_test,
}
"""How each element of a statement is read."""


def _texts(value: Any, name: str) -> list[str]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not values or not all(isinstance(each, str) for each in values):
        raise MalformedPolicyError(f"Statement.{name}: a text or a list of texts is needed")
    return values
