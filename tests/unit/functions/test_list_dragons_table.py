"""The table of dragons: one by its name, many in the order of their names, and how many there are."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from list_dragons.table import DynamoDBRegistry
from list_dragons.unavailable import QueryUnavailableError
from support.registry import DRAGONS, NAME_INDEX, TALLIES, Registry, in_memory
from support.strategies import HOSTILE_TEXTS, texts


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with in_memory() as made:
        yield made


def no_client() -> DynamoDBRegistry:
    """A registry that cannot ask DynamoDB anything."""
    return DynamoDBRegistry(None, DRAGONS, NAME_INDEX, TALLIES)  # type: ignore[arg-type]


def test_a_dragon_is_read_by_its_name_without_what_is_no_field_of_it(registry: Registry) -> None:
    registry.put("Atlas", location_city_str={"S": "Oslo"}, report_id={"S": "r"})
    wanted = {"dragon_name_str": "Atlas", "family_str": "red", "location_city_str": "Oslo"}
    assert registry.reader.get("Atlas") == wanted
    assert registry.reader.get("atlas") is None


def test_an_item_without_a_family_is_no_dragon(registry: Registry) -> None:
    registry.put_incomplete("nobody")
    registry.put("Atlas")
    assert registry.reader.get("nobody") is None
    assert list(registry.reader.dragons(["Atlas", "nobody", "gone"])) == ["Atlas"]


def test_a_binary_field_is_base64_as_in_the_dataset(registry: Registry) -> None:
    registry.put("Atlas", description_str={"B": b"\xff\x00"}, location_city_str={"BS": [b"b", b"a"]})
    found = registry.reader.get("Atlas")
    assert found is not None
    assert (found["description_str"], found["location_city_str"]) == ("/wA=", ["YQ==", "Yg=="])


def test_a_hostile_name_finds_its_own_dragon_alone(registry: Registry) -> None:
    for name in HOSTILE_TEXTS:
        registry.put(name, family=f"of {name}")
    for name in HOSTILE_TEXTS:
        assert registry.reader.get(name) == {"dragon_name_str": name, "family_str": f"of {name}"}


@pytest.mark.parametrize("name", ["", "x" * 2049, "ü" * 1025, "\ud800", "Atlas\udfff"])
def test_what_dynamodb_cannot_hold_is_no_dragon_and_no_request(name: str) -> None:
    assert no_client().get(name) is None


def test_a_name_of_as_many_bytes_as_a_key_may_have_is_looked_for(registry: Registry) -> None:
    name = "ü" * 512
    registry.put(name)
    assert registry.reader.get(name) == {"dragon_name_str": name, "family_str": "red"}
    assert registry.reader.names(name, None, 1) == ([name], None)
    assert registry.reader.get("ü" * 1024) is None


@pytest.mark.parametrize("prefix", ["x" * 1025, "ü" * 513, "\ud83d"])
def test_a_prefix_that_no_name_in_the_index_has_finds_none_and_asks_nothing(prefix: str) -> None:
    assert no_client().names(prefix, None, 10) == ([], None)


def all_names(reader: DynamoDBRegistry, prefix: str, limit: int) -> list[str]:
    found, after = reader.names(prefix, None, limit)
    while after is not None:
        more, after = reader.names(prefix, after, limit)
        found += more
    return found


def test_names_come_in_order_and_all_that_begin_so(registry: Registry) -> None:
    @settings(max_examples=40)
    @given(
        st.lists(texts.map(lambda text: text[:9]), unique=True, max_size=12),
        st.sampled_from(["", "a", "A", "x", " ", "\\", "%", "\U0001f409"]),
        st.integers(1, 5),
    )
    def check(names: list[str], prefix: str, limit: int) -> None:
        registry.clear()
        for name in names:
            registry.put(name)
        wanted = sorted(name for name in names if name.startswith(prefix))
        assert all_names(registry.reader, prefix, limit) == wanted

    check()


def test_names_go_on_behind_one_that_is_gone(registry: Registry) -> None:
    for name in "abcd":
        registry.put(name)
    assert registry.reader.names("", None, 2) == (["a", "b"], "b")
    registry.delete("b")
    assert registry.reader.names("", "b", 2) == (["c", "d"], None)


def test_more_dragons_than_a_request_takes_are_read(registry: Registry) -> None:
    names = [f"{number:03}" for number in range(201)]
    for name in names:
        registry.put(name)
    assert sorted(registry.reader.dragons(names)) == names


def test_a_tally_is_read_and_one_that_never_was_is_none(registry: Registry) -> None:
    registry.tally("family#red", 188)
    registry.tally("family#blue", -1)
    assert registry.reader.count("family#red") == 188
    assert registry.reader.count("family#blue") == 0
    assert registry.reader.count("family#Red") == 0


@pytest.mark.parametrize("text", ["x" * 2048, "\ud800"])
def test_a_tally_that_cannot_be_a_key_is_none_and_no_request(text: str) -> None:
    assert no_client().count(f"family#{text}") == 0


class Throttled:
    """DynamoDB that answers BatchGetItem in part.

    Attributes:
        answered: How many items it answers, request by request; at the end, none.
    """

    def __init__(self, *answered: int) -> None:
        self.answered = list(answered)

    def batch_get_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:
        keys = RequestItems[DRAGONS]["Keys"]
        assert RequestItems[DRAGONS]["ConsistentRead"]
        now = self.answered.pop(0) if self.answered else 0
        left = {DRAGONS: {"Keys": keys[now:], "ConsistentRead": True}} if keys[now:] else {}
        return {
            "Responses": {DRAGONS: [key | {"family_str": {"S": "red"}} for key in keys[:now]]},
            "UnprocessedKeys": left,
        }


def throttled(waited: list[float], *answered: int) -> DynamoDBRegistry:
    return DynamoDBRegistry(Throttled(*answered), DRAGONS, NAME_INDEX, TALLIES, sleep=waited.append)  # type: ignore[arg-type]


def test_what_a_request_left_is_asked_for_again_longer_and_longer() -> None:
    waited: list[float] = []
    found = throttled(waited, 1, 0, 0, 2, 0, 1).dragons("abcd")
    assert sorted(found) == list("abcd")
    assert waited == [0.05, 0.1, 0.05]


def test_a_table_that_answers_nothing_any_more_is_told_as_throttled() -> None:
    waited: list[float] = []
    with pytest.raises(QueryUnavailableError, match="throttled: try again later") as caught:
        throttled(waited, 1).dragons("ab")
    assert caught.value.retry_after == 1
    assert waited == [0.05, 0.1, 0.2, 0.4, 0.8, 1.6]
