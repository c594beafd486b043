"""Names in their order, page by page, while the index is behind the table."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragons.fields import Dragon
from list_dragons.query import NamesQuery, Page, Reading
from support.planned import answered, names_of
from support.registry import DRAGONS, Registry, in_memory
from support.strategies import texts


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with in_memory() as made:
        yield made


def test_names_in_order_are_read_by_the_index(registry: Registry) -> None:
    for name in ("b", "At2", "a", "At1", "At3"):
        registry.put(name)
    registry.asked.clear()
    found = answered(NamesQuery("At", 2), registry)
    assert [operation for operation, _ in registry.asked] == ["Query", "BatchGetItem"]
    assert registry.asked[1][1]["RequestItems"][DRAGONS]["ConsistentRead"]
    assert names_of(found.found) == ["At1", "At2"]
    assert isinstance(found.found, Page)
    assert found.found.next_after == ("At2",)
    assert (found.timing.plan, found.timing.reading) == ("names", Reading(objects=3))
    last = answered(NamesQuery("At", 2, "At2"), registry).found
    assert isinstance(last, Page)
    assert (names_of(last), last.next_after) == (["At3"], None)


names_made = st.lists(texts.map(lambda text: text[:6]), unique=True, max_size=9)


def test_pages_of_names_are_full_and_a_token_is_given_only_where_there_is_more(registry: Registry) -> None:
    @settings(max_examples=40)
    @given(names_made, st.sets(st.integers(0, 8)), st.integers(1, 4), st.sampled_from(["", "a", "\\"]))
    def check(names: list[str], no_dragons: set[int], limit: int, prefix: str) -> None:
        registry.clear()
        for number, name in enumerate(names):
            (registry.put_incomplete if number in no_dragons else registry.put)(name)
        listed = {name for number, name in enumerate(names) if number not in no_dragons}
        pages = all_pages(registry, prefix, limit)
        assert [name for each in pages for name in each] == sorted(
            name for name in listed if name.startswith(prefix)
        )
        assert all(len(each) == limit for each in pages[:-1])
        assert pages[-1] or pages == [[]]

    check()


def all_pages(registry: Registry, prefix: str, limit: int) -> list[list[str]]:
    """The names on each page, by the tokens' positions."""
    pages: list[list[str]] = []
    after: str | None = None
    while not pages or after is not None:
        page = answered(NamesQuery(prefix, limit, after), registry).found
        assert isinstance(page, Page)
        pages.append(names_of(page))
        after = page.next_after[0] if page.next_after else None
    return pages


def test_a_name_that_is_gone_when_it_is_fetched_is_passed_over(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abcde":
        registry.put(name)
    read, gone = registry.reader.dragons, iter("bcd")

    def deleted_meanwhile(names: list[str]) -> dict[str, Dragon]:
        registry.delete(next(gone, "none"))
        return read(names)

    monkeypatch.setattr(registry.reader, "dragons", deleted_meanwhile)
    found = answered(NamesQuery("", 2), registry).found
    assert isinstance(found, Page)
    assert (names_of(found), found.next_after) == (["a", "c"], ("c",))
