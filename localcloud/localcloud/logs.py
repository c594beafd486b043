"""Filter patterns of CloudWatch Logs: FilterLogEvents, metric filters and subscriptions match what they say.

LocalStack lets every event match. Terms, "phrases", ?any and -none are read here; the terms with ? count only
where there are no others.
Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
Left out: patterns of JSON ({...}), columns ([...]) and regular expressions (%...%) still match every event.
"""

import re
from collections.abc import Callable
from typing import Any

from localstack.services.logs import provider

_TERM = re.compile(r'([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))')


def apply() -> None:
    """Give LocalStack's place for a pattern matcher one."""
    provider.get_pattern_matcher = matcher


def matcher(pattern: str) -> Callable[[str, dict[str, Any]], bool]:
    """Return what tells whether a log event (its second argument) matches the pattern."""
    if pattern.strip().startswith(("{", "[", "%")):
        return lambda _pattern, _event: True
    terms: dict[str, list[str]] = {"": [], "?": [], "-": []}
    for sign, phrase, word in _TERM.findall(pattern):
        terms[sign].append(re.sub(r"\\(.)", r"\1", phrase) or word)
    some = terms["?"] if terms["?"] and not terms[""] + terms["-"] else [""]

    def matches(_pattern: str, event: dict[str, Any]) -> bool:
        found = event["message"].__contains__
        return all(map(found, terms[""])) and any(map(found, some)) and not any(map(found, terms["-"]))

    return matches
