"""Evaluates the conditions of policies.

Sources:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html

Left out: operators on numbers, dates, addresses and bytes; reading one of them is an error.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from localcloud.iam.wildcards import Values, matches

type Compare = Callable[[str, str, Values], bool]
"""Compares a policy's value with a request's; variables in the policy's stand for values of the request."""
_ANY, _ALL = "ForAnyValue:", "ForAllValues:"
_IF_EXISTS = "IfExists"


class Operator(NamedTuple):
    """An operator: it holds where a comparison does, or, negated, where none does."""

    compare: Compare
    negated: bool = False


def _equals(pattern: str, text: str, values: Values) -> bool:
    return matches(pattern, text, values) if "${" in pattern else pattern == text


def _equals_ignoring_case(pattern: str, text: str, values: Values) -> bool:
    return _equals(pattern.casefold(), text.casefold(), values)


OPERATORS = {
    "StringEquals": Operator(_equals),
    "StringNotEquals": Operator(_equals, negated=True),
    "StringEqualsIgnoreCase": Operator(_equals_ignoring_case),
    "StringNotEqualsIgnoreCase": Operator(_equals_ignoring_case, negated=True),
    "StringLike": Operator(matches),
    "StringNotLike": Operator(matches, negated=True),
    "ArnEquals": Operator(matches),
    "ArnNotEquals": Operator(matches, negated=True),
    "ArnLike": Operator(matches),
    "ArnNotLike": Operator(matches, negated=True),
    "Bool": Operator(_equals_ignoring_case),
}


class Condition(NamedTuple):
    """One key of a condition block.

    Attributes:
        quantifier: `ForAnyValue:`, `ForAllValues:`, or nothing.
        operator: What compares.
        if_exists: Whether a request without the key meets it.
        key: The key in lower case.
        values: The policy's, of which any will do.
    """

    quantifier: str
    operator: Operator
    if_exists: bool
    key: str
    values: list[str]

    def holds(self, known: Values) -> bool:
        """Whether a request meets it."""
        given = known.get(self.key, ())
        if not given:
            return self._holds_without_key()
        results = [self._holds_for(value, known) for value in given]
        of_all = self.quantifier == _ALL or (self.operator.negated and self.quantifier != _ANY)
        return all(results) if of_all else any(results)

    def _holds_without_key(self) -> bool:
        if self.if_exists or self.quantifier == _ALL:
            return True
        return self.operator.negated and self.quantifier != _ANY

    def _holds_for(self, given: str, known: Values) -> bool:
        compare, negated = self.operator
        return any(compare(value, given, known) for value in self.values) != negated


def read_conditions(block: Any) -> list[Condition]:
    """Read a statement's `Condition`, all of whose parts have to hold.

    Raises:
        ValueError: Something in it is malformed or not supported; says what.
    """
    return [
        _read(name, key, values)
        for name, keys in _items(block, "Condition")
        for key, values in _items(keys, f"Condition.{name}")
    ]


def _read(name: str, key: str, values: Any) -> Condition:
    quantifier = next((each for each in (_ANY, _ALL) if name.startswith(each)), "")
    plain = name.removeprefix(quantifier)
    operator = OPERATORS.get(plain.removesuffix(_IF_EXISTS))
    if operator is None:
        raise ValueError(f"Condition.{name} is not supported")
    texts = [_text(value, f"Condition.{name}.{key}") for value in _listed(values)]
    return Condition(quantifier, operator, plain.endswith(_IF_EXISTS), key.lower(), texts)


def _listed(values: Any) -> list[Any]:
    return values if isinstance(values, list) else [values]


def _text(value: Any, where: str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        raise ValueError(f"{where}: texts are needed")
    return value


def _items(value: Any, where: str) -> list[tuple[str, Any]]:
    if not isinstance(value, Mapping) or not value:
        raise ValueError(f"{where}: an object is needed")
    return list(value.items())
