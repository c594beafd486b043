r"""Java's regular expressions and replacement strings, as far as mapping templates use them.

Source: https://docs.oracle.com/javase/8/docs/api/java/util/regex/Pattern.html (templates call
`String.replaceAll`, `matches` and `split`, which API Gateway runs on Java).

Left out: class intersections (`[a&&[^b]]`), Unicode properties beyond POSIX ones (`\p{L}`), `\R`, `\X` and
Java's wider set of line terminators.
"""

import re
from functools import lru_cache

_POSIX = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "XDigit": "0-9a-fA-F",
    "Space": r"\s",
    "Blank": r" \t",
    "Cntrl": r"\x00-\x1f\x7f",
    "Punct": r"!-/:-@\[-`{-~",
}
_TOKEN = re.compile(
    r"\\Q(?P<quoted>.*?)(?:\\E|\Z)|\\p\{(?P<posix>\w+)\}|\\(?P<end>[zZ])|(?P<name>\(\?<)(?=[a-zA-Z])|\\.",
    re.DOTALL,
)
_REPLACEMENT = re.compile(r"\\(?P<literal>.)|\$(?P<number>\d)|\$\{(?P<name>\w+)\}", re.DOTALL)


@lru_cache(maxsize=256)
def compile_java(pattern: str) -> re.Pattern[str]:
    r"""Compile a Java pattern; `\d`, `\w` and `\s` are ASCII there.

    Raises:
        re.error: The pattern is not valid.
    """
    return re.compile(_TOKEN.sub(_to_python, pattern), re.ASCII)


def replace_java(pattern: str, replacement: str, text: str, count: int = 0) -> str:
    r"""Replace as `String.replaceAll`: `$1` is a group, a backslash makes the next character plain."""
    return compile_java(pattern).sub(lambda match: _expand(replacement, match), text, count=count)


def split_java(pattern: str, text: str) -> list[str]:
    """Split as `String.split`: empty strings at the end are dropped."""
    parts: list[str] = compile_java(pattern).split(text)
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return parts


def _to_python(token: re.Match[str]) -> str:
    if (quoted := token["quoted"]) is not None:
        return re.escape(quoted)
    if posix := token["posix"]:
        return f"[{_POSIX[posix]}]" if posix in _POSIX else token[0]
    if token["name"]:
        return "(?P<"
    if end := token["end"]:
        return r"\Z" if end == "z" else r"(?=\n?\Z)"
    return token[0]


def _expand(replacement: str, match: re.Match[str]) -> str:
    def part(token: re.Match[str]) -> str:
        if token["literal"] is not None:
            return token["literal"]
        group = token["name"] or int(token["number"])
        return match[group] or ""

    return _REPLACEMENT.sub(part, replacement)
