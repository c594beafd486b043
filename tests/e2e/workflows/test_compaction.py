"""The dataset's small objects are merged while it is used; damaged, it is made the table's copy."""

import threading
import uuid
from argparse import Namespace
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dragons import registry
from dragons.dataset import family_folder, to_lines
from dragons.fields import RECORD_NAMES
from support.reports import REPORT
from support.system import Api, poll
from support.under_test import UnderTest, applied_from
from tasks import rebuild

Aws = Callable[[str], Any]
DRAGONS = 7


class Family:
    """A family of its own: its dragons in the table, and its objects in the dataset."""

    def __init__(self, outputs: dict[str, Any], aws: Aws, api: Api) -> None:
        self.name = f"e2e-{uuid.uuid4()}"
        self._table, self._bucket = outputs["dragons_table"], outputs["dataset_bucket"]
        self._machine = outputs["state_machines"]["compact_dataset"]
        self._dynamodb, self._s3, self._steps, self._api = (
            aws("dynamodb"),
            aws("s3"),
            aws("stepfunctions"),
            api,
        )
        self._listed = set[str]()

    def add(self, number: int) -> str:
        """Put a dragon on record, and wait until it is listed, so that it has an object of its own."""
        name = f"{self.name} {number:02}"
        item = {record: {"S": str(REPORT[field])} for field, record in RECORD_NAMES.items()}
        own = {"dragon_name_str": {"S": name}, "family_str": {"S": self.name}}
        self._dynamodb.put_item(TableName=self._table, Item=item | own | registry.ITEM)
        self._listed.add(name)
        self.is_listed()
        return name

    def remove(self, name: str) -> None:
        """Take a dragon off the record."""
        self._dynamodb.delete_item(TableName=self._table, Key={"dragon_name_str": {"S": name}})
        self._listed.discard(name)

    def is_listed(self) -> None:
        """Wait until all that are on record are listed, and no other is."""
        poll(lambda: sorted(self.read()) == sorted(self._listed) or None, f"the dragons of {self.name}")

    def read(self, limit: int = 5) -> list[str]:
        """The names that a caller gets who asks for one page after the other."""
        names: list[str] = []
        params = {"family": self.name, "limit": str(limit)}
        while True:
            answer = self._api.get("/dragons", params=params).json()
            names += [each["dragon_name_str"] for each in answer["dragons"]]
            if "nextToken" not in answer:
                return names
            params["nextToken"] = answer["nextToken"]

    def in_order(self) -> list[str]:
        """The names of its dragons that are in the table's index by name."""
        return [each["dragon_name_str"] for each in self._api.listed(dragonName=f"{self.name}*")]

    def sizes(self) -> list[int]:
        """The sizes of the family's objects, those aside that were emptied."""
        found = self._s3.list_objects_v2(Bucket=self._bucket, Prefix=family_folder("dragons/", self.name))
        return [each["Size"] for each in found["Contents"] if each["Size"]]

    def damage(self) -> None:
        """Lose half of the objects and a registration, and list one not on record, and one a second time."""
        folder = family_folder("dragons/", self.name)
        found = self._s3.list_objects_v2(Bucket=self._bucket, Prefix=folder)
        for each in found["Contents"][::2]:
            self._s3.delete_object(Bucket=self._bucket, Key=each["Key"])
        wrong = [{"dragon_name_str": name, "family_str": self.name} for name in ("nobody", max(self._listed))]
        self._s3.put_object(Bucket=self._bucket, Key=f"{folder}0.jsonl", Body=to_lines(wrong))
        self._dynamodb.update_item(
            TableName=self._table,
            Key={"dragon_name_str": {"S": max(self._listed)}},
            UpdateExpression=f"REMOVE {registry.ATTRIBUTE}",
        )

    def compact(self) -> list[dict[str, Any]]:
        """Run the machine to its end; its history."""
        execution = self._steps.start_execution(stateMachineArn=f"{self._machine}:live", input="{}")
        arn = execution["executionArn"]

        def ended() -> str | None:
            status: str = self._steps.describe_execution(executionArn=arn)["status"]
            return None if status == "RUNNING" else status

        assert poll(ended, "the dataset to be compacted", seconds=240) == "SUCCEEDED"
        pages = self._steps.get_paginator("get_execution_history").paginate(executionArn=arn)
        return [event for page in pages for event in page["events"]]

    def leave(self) -> None:
        """Take the dragons off the record."""
        for name in sorted(self._listed):
            self.remove(name)
        self.is_listed()


@pytest.fixture
def family(outputs: dict[str, Any], aws: Aws, api: Api) -> Iterator[Family]:
    """A family, with a dragon in each of its objects."""
    made = Family(outputs, aws, api)
    for number in range(DRAGONS):
        made.add(number)
    yield made
    made.leave()


@pytest.fixture
def settled(outputs: dict[str, Any], aws: Aws) -> None:
    """Skip where an object is merged when it is a day old, and not at once."""
    called = aws("lambda").get_function_configuration(FunctionName=outputs["functions"]["compact_family"])
    if called["Environment"]["Variables"]["SETTLED_HOURS"] != "0":
        pytest.skip("the environment merges no objects that are younger than a day")


@pytest.mark.usefixtures("settled")
def test_a_reader_sees_each_dragon_once_while_objects_are_merged(family: Family) -> None:
    assert len(family.sizes()) == DRAGONS
    before, done = family.read(), threading.Event()
    seen: list[list[str]] = []

    def read() -> None:
        while not done.is_set():
            seen.append(family.read(limit=3))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        history = family.compact()
    finally:
        done.set()
        reader.join()
    assert seen
    assert all(names == before for names in seen), seen
    assert len(family.sizes()) == 1
    entered = [
        event["stateEnteredEventDetails"]["name"] for event in history if "stateEnteredEventDetails" in event
    ]
    assert entered[:3] == ["WhetherToRebuild", "BeginCompaction", "ListFamilies"]
    assert set(entered[3:-1]) <= {"AnyFamilies", "CompactFamilies", "MoreFamilies", "ListMoreFamilies"}
    assert entered[-2:] == ["MoreFamilies", "DatasetCompacted"]
    assert not [event["type"] for event in history if event["type"].endswith(("Failed", "TimedOut"))]


@pytest.mark.usefixtures("settled")
def test_what_was_merged_is_changed_merged_again_and_left(family: Family) -> None:
    family.compact()
    gone, new = family.read()[3], family.add(DRAGONS)
    family.remove(gone)
    family.is_listed()
    family.compact()
    assert len(family.sizes()) == 1
    names = family.read()
    assert gone not in names
    assert new in names
    assert len(names) == DRAGONS


def test_a_rebuild_makes_the_dataset_the_tables_copy(
    family: Family, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = UnderTest.of(applied_from())
    family.damage()
    assert "nobody" in family.read()
    poll(lambda: len(family.in_order()) == DRAGONS - 1 or None, "one to be missing in the order of names")
    rebuild.run(environment, Namespace(auto_approve=""))
    assert "the dataset is the table's copy" in capsys.readouterr().out
    family.is_listed()
    poll(lambda: family.in_order() == sorted(family.read()) or None, "all to be in the order of names")
