"""A review, as it comes from the workflow."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragons.reviews import ReviewError, from_message, is_review_id, timestamp
from support.reviews import DRAGON, message, review
from support.strategies import dragons


def test_a_message_is_read_and_names_a_review_by_no_part_of_its_token() -> None:
    found = from_message(message("secret", since="2026-11-28T12:00:00.1234+00:00"))
    assert (found.report_id, found.dragon) == ("report-secret", DRAGON)
    assert (found.since, found.deadline) == ("2026-11-28T12:00:00.123Z", "2026-11-28T13:00:00.123Z")
    assert is_review_id(found.review_id)
    assert found.review_id == review("secret", since="2026-12-01T00:00:00Z").review_id
    assert found.review_id != review("secret2").review_id
    assert "secret" not in repr(found).replace("report-secret", "")


@given(dragons)
def test_any_dragon_is_taken_as_it_is(dragon: dict[str, str]) -> None:
    assert review("one", dragon=dragon).dragon == dragon


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[" * 100_000,
        "null",
        "{}",
        message(7),  # type: ignore[arg-type]
        message("one", since="today"),
        message("one", deadlineSeconds="72 h"),
        message("one", deadlineSeconds=10**30),
        message("one", dragon=["Cinder"]),
        message("one", dragon={"dragon_name_str": 7}),
        message("one", dragon={"dragon_name_str": "\ud800"}),
        message("one", reportId=None),
        message("\ud800"),
    ],
)
def test_what_asks_for_no_review_is_refused_without_a_word_of_it(body: str) -> None:
    with pytest.raises(ReviewError) as caught:
        from_message(body)
    assert str(caught.value).startswith("asks for no review: ")
    assert not any(word in str(caught.value) for word in ("one", "today", "Cinder"))


@given(st.datetimes(min_value=datetime(1971, 1, 1), timezones=st.just(UTC)), st.integers(1, 10**6))
def test_a_later_moment_is_a_greater_text(moment: datetime, milliseconds: int) -> None:
    try:
        later = moment + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return
    assert timestamp(moment) < timestamp(later)


def test_json_of_a_message_is_what_the_workflow_sends() -> None:
    assert set(json.loads(message("one"))) == {"token", "reportId", "since", "deadlineSeconds", "dragon"}
