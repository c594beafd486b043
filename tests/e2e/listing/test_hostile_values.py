"""200 hostile values on record, as names, families and cities: each matches itself and nothing else."""

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dragons import registry
from dragons.dataset import family_folder
from dragons.fields import RECORD_NAMES
from e2e.listing.conftest import List
from support.hostile import HOSTILE_VALUES, asked
from support.reports import REPORT
from support.system import Api, poll

AT_ONCE = 8
ALONE = ["O'Brien", "\r\n", "\U0001f409"]
"""Cities that are looked for in all families: each such query reads every object, so they are few."""

Dragon = dict[str, str]


def dragon(**fields: str) -> Dragon:
    return {record: fields.get(field, str(REPORT[field])) for field, record in RECORD_NAMES.items()}


class Hostile:
    """One dragon of each value as its name and family, and in a family apart one of each as its city."""

    def __init__(self) -> None:
        self.family = f"e2e-{uuid.uuid4()}"
        self.named = {value: dragon(dragonName=value, family=value) for value in HOSTILE_VALUES}
        self.living = {
            value: dragon(dragonName=f"{self.family} {number}", family=self.family, city=value)
            for number, value in enumerate(HOSTILE_VALUES)
        }

    @property
    def dragons(self) -> list[Dragon]:
        """All of them."""
        return [*self.named.values(), *self.living.values()]


@pytest.fixture(scope="module")
def hostile(outputs: dict[str, Any], aws: Callable[[str], Any], api: Api) -> Iterator[Hostile]:
    """Put the dragons on record, and wait until they are listed; in the end, nothing of them is left.

    Their families' emptied objects go, too: 200 more for each later query to read.
    """
    table, name, ours = aws("dynamodb"), outputs["dragons_table"], Hostile()
    s3, bucket = aws("s3"), outputs["dataset_bucket"]
    names = {each["dragon_name_str"] for each in ours.dragons}

    def put(each: Dragon) -> None:
        item = {field: {"S": text} for field, text in each.items()}
        table.put_item(TableName=name, Item=item | registry.ITEM)

    def remove(each: Dragon) -> None:
        table.delete_item(TableName=name, Key={"dragon_name_str": {"S": each["dragon_name_str"]}})

    def listed() -> set[str]:
        return names & {each["dragon_name_str"] for each in api.listed(limit="200")}

    def forget(family: str) -> None:
        found = s3.list_objects_v2(Bucket=bucket, Prefix=family_folder("dragons/", family))
        for each in found.get("Contents", []):
            s3.delete_object(Bucket=bucket, Key=each["Key"])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            list(pool.map(put, ours.dragons))
            poll(lambda: listed() == names or None, "the dragons to be listed", pause=1)
            yield ours
        finally:
            list(pool.map(remove, ours.dragons))
            poll(lambda: not listed() or None, "the dragons to leave the list", pause=1)
            list(pool.map(forget, {each["family_str"] for each in ours.dragons}))


def wrong(list_by: List, queries: dict[str, dict[str, str]], wanted: dict[str, Dragon]) -> dict[str, Any]:
    """What was answered to those values that found anything but their own dragon."""

    def found(query: dict[str, str]) -> Any:
        answer = list_by(**query)
        return answer.json().get("dragons", answer.text)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = dict(zip(queries, pool.map(found, queries.values()), strict=True))
    return {value: answer for value, answer in answers.items() if answer != [wanted[value]]}


def test_there_are_200_of_them() -> None:
    assert len(set(HOSTILE_VALUES)) == 200
    assert set(ALONE) <= set(HOSTILE_VALUES)


def test_a_name_matches_itself_alone(hostile: Hostile, list_by: List) -> None:
    queries = {value: {"dragonName": asked(value)} for value in HOSTILE_VALUES}
    assert wrong(list_by, queries, hostile.named) == {}


def test_a_family_matches_itself_alone(hostile: Hostile, list_by: List) -> None:
    queries = {value: {"family": value} for value in HOSTILE_VALUES}
    assert wrong(list_by, queries, hostile.named) == {}


def test_a_city_matches_itself_alone(hostile: Hostile, list_by: List) -> None:
    queries = {value: {"family": hostile.family, "city": value} for value in HOSTILE_VALUES}
    assert wrong(list_by, queries, hostile.living) == {}
    assert wrong(list_by, {value: {"city": value} for value in ALONE}, hostile.living) == {}


def test_names_are_in_order_whatever_they_are(hostile: Hostile, api: Api) -> None:
    def in_order() -> bool | None:
        names = [each["dragon_name_str"] for each in api.listed(order="name", limit="200")]
        assert names == sorted(names, key=str.encode)
        return set(names) >= {each["dragon_name_str"] for each in hostile.dragons} or None

    poll(in_order, "the hostile names to be in the index")


def test_each_family_counts_its_own_dragon(hostile: Hostile, list_by: List) -> None:
    queries = {value: {"family": value, "count": "true"} for value in HOSTILE_VALUES}

    def counts() -> bool | None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = pool.map(lambda query: list_by(**query).json(), queries.values())
        return all(answer == {"count": 1} for answer in answers) or None

    poll(counts, f"{len(hostile.named)} families to count one dragon each", pause=1)
