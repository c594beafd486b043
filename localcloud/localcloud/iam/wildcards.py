"""Matches the patterns of policies: wildcards, and variables for what is known of the request.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html

Left out: a variable's default value, `${*}`, `${?}`, `${$}`, and that versions before 2012-10-17 have none.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

_VARIABLE = r"\$\{([^}*]*)\}"
_TOKEN = re.compile(rf"{_VARIABLE}|.", re.DOTALL)

type Values = Mapping[str, tuple[str, ...]]
"""What is known of a request, by the names of condition keys in lower case; some have several values."""


def matches(pattern: str, text: str, values: Values | None = None) -> bool:
    """Match a whole text.

    Args:
        pattern: `*` is any run of characters, slashes and colons included, `?` any one, and `${name}` the
            value of a name; where that has none, or several, nothing matches.
        text: What may match.
        values: The values of the names.
    """
    known = [(values or {}).get(name.lower(), ()) for name in re.findall(_VARIABLE, pattern)]
    if any(len(each) != 1 for each in known):
        return False
    return _compile(pattern, tuple(value for (value,) in known)).fullmatch(text) is not None


@lru_cache(maxsize=1024)
def _compile(pattern: str, values: tuple[str, ...]) -> re.Pattern[str]:
    """Translate; atomic groups keep the time linear in the text, however many wildcards there are."""
    remaining = iter(values)
    first, *rest = [_translate(part, remaining) for part in pattern.split("*")]
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1])
    last = f".*{rest[-1]}" if rest else ""
    return re.compile(first + middle + last, re.DOTALL)


def _translate(part: str, values: Iterator[str]) -> str:
    def replace(token: re.Match[str]) -> str:
        if token[1] is not None:
            return re.escape(next(values))
        return "." if token[0] == "?" else re.escape(token[0])

    return _TOKEN.sub(replace, part)
