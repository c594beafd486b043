"""The result has every line once, in order, whatever was noted of it."""

from hypothesis import given
from hypothesis import strategies as st

from dragons.imports import Line
from finish_import.result import OUTCOMES, Noted, Outcome, Result, results

READ = st.lists(st.tuples(st.booleans(), st.sampled_from([*OUTCOMES, None])), max_size=30)


@given(READ)
def test_each_line_has_what_was_noted_of_it(read: list[tuple[bool, Outcome | None]]) -> None:
    lines = [
        Line(number, f"dragon {number}", None if readable else "is blank")
        for number, (readable, _) in enumerate(read, start=1)
    ]
    noted = [
        Noted(line.position, outcome, "" if outcome == "accepted" else f"because of {line.number}")
        for line, (readable, outcome) in zip(lines, read, strict=True)
        if readable and outcome
    ]
    found = list(results(lines, noted, unknown="it was stopped", same_as=None))
    for line, result, (readable, outcome) in zip(lines, found, read, strict=True):
        assert (result.line, result.dragonName) == (line.number, line.dragon_name)
        reason = None if outcome == "accepted" else f"because of {line.number}"
        if not readable:
            assert (result.outcome, result.reason) == ("refused", "is blank")
        elif outcome is None:
            assert (result.outcome, result.reason) == ("failed", "it was stopped")
        else:
            assert (result.outcome, result.reason) == (outcome, reason)


def test_lines_are_read_as_they_were_said() -> None:
    for line in (Line(1, "Fáfnir\n\u2028"), Line(0, None, "The file is gone.")):
        assert "\n" not in line.to_text()
        assert Line.from_text(line.to_text()) == line
    assert sorted([Line(10, None).position, Line(9, None).position]) == ["000000009", "000000010"]


def test_a_duplicate_says_which_file_came_before() -> None:
    lines = [Line(1, "a"), Line(2, "b")]
    noted = [
        Noted(lines[0].position, "duplicate", "Duplicate dragon"),
        Noted(lines[1].position, "accepted", ""),
    ]
    found = list(results(lines, noted, unknown="", same_as="first.csv"))
    assert found == [
        Result(
            1, "a", "duplicate", "Duplicate dragon; the file is the same as first.csv, which was put before"
        ),
        Result(2, "b", "accepted", None),
    ]
