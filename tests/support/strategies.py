"""Hypothesis strategies, made from the schemas, and the hostile texts that every path has to survive."""

from typing import Any

from hypothesis import strategies as st

from dragons.schemas import schema

HOSTILE_TEXTS = [
    "'single' and \"double\"",
    "back\\slash \\' \\\\ \\n \\u0041",
    "new\nline\r\ttab",
    "$input.path('$') $context.stage ${x} $!y",
    "#set($x = 1) #if(true) #end ## comment #* block *#",
    "</script><script>alert(1)</script>",
    "x' or '1'='1",
    "\u202eright-to-left \u05d3\u05e8\u05e7\u05d5\u05df \u062a\u0646\u064a\u0646",
    "\U0001f409\U0001f525 \U00020000 four bytes",
    "\x00\x01\x1f\x7f controls \u2028\u2029",
    '{"json": [1, 2]}',
    "%2F../..\\;&=+?#",
    " ",
]

texts = st.one_of(
    st.sampled_from(HOSTILE_TEXTS), st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)
)


def _field(rules: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "anyOf" in rules:
        return st.one_of([_field(each) for each in rules["anyOf"]])
    if "pattern" in rules:
        return st.from_regex(r"\A\+[1-9][0-9]{1,14}\Z")
    return {"string": texts, "boolean": st.booleans(), "number": st.integers(0, 10**6)}[rules["type"]]


def of_schema(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Documents that a schema accepts.

    Args:
        name: `dragon` or `report`.
    """
    fields = {field: _field(rules) for field, rules in schema(name)["properties"].items()}
    required = {field: fields.pop(field) for field in schema(name)["required"]}
    return st.fixed_dictionaries(required, optional=fields)


reports = of_schema("report")
dragons = of_schema("dragon")
