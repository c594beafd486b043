"""Filter patterns of CloudWatch Logs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from localstack.services.logs import provider

from localcloud.logs import matcher

CHARACTERS = 'aE? -"\\%({.*'
words = st.text("aEr.*+($", min_size=1, max_size=3)
phrases = st.text(CHARACTERS, min_size=1, max_size=4)
messages = st.text(CHARACTERS + "r+$", max_size=12) | st.lists(words, max_size=5).map(" ".join)
terms = st.tuples(
    st.sampled_from(["", "?", "-"]),
    words.map(lambda word: (word, word))
    | phrases.map(lambda phrase: ('"' + phrase.replace("\\", r"\\").replace('"', r"\"") + '"', phrase)),
)


def found(pattern: str, message: str) -> bool:
    return matcher(pattern)(pattern, {"message": message})


@given(st.lists(terms, max_size=4), messages)
def test_all_terms_match_none_of_the_excluded_or_any_of_the_optional(
    chosen: list[tuple[str, tuple[str, str]]], message: str
) -> None:
    pattern = " ".join(sign + written for sign, (written, _) in chosen)
    there = {sign: [text in message for its, (_, text) in chosen if its == sign] for sign in ("", "?", "-")}
    expected = all(there[""]) and not any(there["-"])
    if there["?"] and not there[""] and not there["-"]:
        expected = any(there["?"])
    assert found(pattern, message) == expected


@pytest.mark.parametrize(
    ("pattern", "matching", "others"),
    [  # the examples of the documentation
        ("ERROR", ["[ERROR 400] BAD REQUEST", "[ERROR 419] MISSING ARGUMENTS"], ["[error 400]", "WARN"]),
        ("ERROR ARGUMENTS", ["[ERROR 419] MISSING ARGUMENTS"], ["[ERROR 400] BAD REQUEST"]),
        ("?ERROR ?ARGUMENTS", ["[ERROR 400] BAD", "INVALID ARGUMENTS"], ["[WARN] x"]),
        ('"INTERNAL SERVER ERROR"', ["[ERROR 500] INTERNAL SERVER ERROR"], ["INTERNAL ERROR SERVER"]),
        ("ERROR -ARGUMENTS", ["[ERROR 400] BAD REQUEST"], ["[ERROR 419] MISSING ARGUMENTS"]),
        ("%colou?r%", ["color", "left out: everything matches"], []),
        ("?WARN ERROR", ["ERROR"], ["WARN"]),
        ("", ["anything", ""], []),
        (" ", ["anything", ""], []),
        ('{ $.level = "ERROR" }', ['{"level": "ERROR"}', "left out: everything matches"], []),
        ("[ip, user, ...]", ["left out: everything matches"], []),
    ],
)
def test_documented_patterns(pattern: str, matching: list[str], others: list[str]) -> None:
    assert [message for message in matching + others if found(pattern, message)] == matching


def test_localstack_lets_everything_match() -> None:
    matches = provider.get_pattern_matcher("ERROR")
    assert matches("ERROR", {"message": "fine"}), "LocalStack does this itself now: delete logs.py"
