"""The sample dragons: brought up to date, and nobody else's dragon lost on the way."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from dragons import registry
from samples import load
from samples.load import told, wait_until_listed
from samples.upkeep import MARK, Samples

TABLE = "dragons-unit-dragons"
Dragon = dict[str, Any]


class Table:
    """A table in moto, which knows DynamoDB's conditions."""

    def __init__(self) -> None:
        self.dynamodb = boto3.client("dynamodb", "us-east-1")
        self.dynamodb.create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "dragon_name_str", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "dragon_name_str", "AttributeType": "S"}],
        )

    def load(self, *dragons: Dragon) -> dict[str, list[str]]:
        """Load samples; gives what became of them, less what did not happen."""
        outcomes = Samples(self.dynamodb, TABLE).bring_up_to_date(list(dragons))
        return {outcome: names for outcome, names in outcomes.items() if names}

    def put(self, name: str, **fields: str) -> None:
        """Write an item as somebody else does."""
        item = {"dragon_name_str": name} | fields
        self.dynamodb.put_item(TableName=TABLE, Item={key: {"S": value} for key, value in item.items()})

    def change(self, name: str, field: str, value: str) -> None:
        """Set one attribute of an item, as somebody else does."""
        self.dynamodb.update_item(
            TableName=TABLE,
            Key={"dragon_name_str": {"S": name}},
            UpdateExpression="SET #field = :value",
            ExpressionAttributeNames={"#field": field},
            ExpressionAttributeValues={":value": {"S": value}},
        )

    def items(self) -> dict[str, Dragon]:
        """The items, less the mark and the registry's attribute."""
        own = (MARK, registry.ATTRIBUTE)
        found: list[Dragon] = [
            {key: next(iter(value.values())) for key, value in item.items() if key not in own}
            for item in self.dynamodb.scan(TableName=TABLE)["Items"]
        ]
        return {item["dragon_name_str"]: item for item in found}


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    """An empty table."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield Table()


def sample(name: str, city: str = "Oslo") -> Dragon:
    return {"dragon_name_str": name, "family_str": "red", "location_city_str": city}


def test_what_is_missing_is_added_and_again_nothing_changes(table: Table) -> None:
    assert table.load(sample("a"), sample("b")) == {"added": ["a", "b"]}
    before = table.dynamodb.scan(TableName=TABLE)["Items"]
    assert table.load(sample("a"), sample("b")) == {"unchanged": ["a", "b"]}
    assert table.dynamodb.scan(TableName=TABLE)["Items"] == before


def test_samples_that_nobody_touched_follow_their_file(table: Table) -> None:
    table.load(sample("a"), sample("b"), sample("c"))
    grown = sample("b") | {"wingspan": 7}
    assert table.load(sample("a", "Rome"), grown) == {"updated": ["a", "b"], "removed": ["c"]}
    assert table.items() == {"a": sample("a", "Rome"), "b": grown | {"wingspan": "7"}}
    assert table.load(sample("a", "Rome"), grown) == {"unchanged": ["a", "b"]}


def test_what_somebody_else_wrote_stays(table: Table) -> None:
    table.load(sample("changed"), sample("grown"), sample("left"))
    table.change("changed", "location_city_str", "Bergen")
    table.change("grown", "report_id", "r")
    table.change("left", "location_city_str", "Bergen")
    table.put("reported", family_str="blue", report_id="r")
    table.put("by hand", family_str="blue")
    before = table.items()
    names = ["changed", "grown", "reported", "by hand"]
    assert table.load(*[sample(name, "Rome") for name in names]) == {"kept": [*names, "left"]}
    assert table.items() == before


def test_a_sample_of_an_earlier_release_which_had_no_mark_is_as_it_should_be(table: Table) -> None:
    table.put(**{"name": "a"} | {k: v for k, v in sample("a").items() if k != "dragon_name_str"})
    assert table.load(sample("a")) == {"updated": ["a"]}  # it is in the registry from now on
    assert table.load(sample("a")) == {"unchanged": ["a"]}
    assert table.load(sample("a", "Rome")) == {"kept": ["a"]}


def test_a_sample_of_an_earlier_release_is_entered_in_the_registry_and_followed_further(table: Table) -> None:
    table.load(sample("a"), sample("touched"), sample("changed"))
    for item in table.dynamodb.scan(TableName=TABLE)["Items"]:
        del item[registry.ATTRIBUTE]
        table.dynamodb.put_item(TableName=TABLE, Item=item)
    table.change("touched", "touched_at", "2026-11-27")
    table.change("changed", "location_city_str", "Bergen")
    samples = sample("a"), sample("touched"), sample("changed")
    assert table.load(*samples) == {"updated": ["a", "touched"], "kept": ["changed"]}
    entered = {
        item["dragon_name_str"]["S"]: item.get(registry.ATTRIBUTE)
        for item in table.dynamodb.scan(TableName=TABLE)["Items"]
    }
    expected = registry.ITEM[registry.ATTRIBUTE]
    assert entered == {"a": expected, "touched": expected, "changed": None}
    assert table.load(*samples) == {"unchanged": ["a", "touched"], "kept": ["changed"]}
    assert table.load(sample("a", "Rome"), *samples[1:])["updated"] == ["a"]


def test_a_sample_with_an_attribute_more_is_as_it_should_be_but_not_overwritten(table: Table) -> None:
    table.load(sample("a"))
    table.change("a", "touched_at", "2026-11-27")
    assert table.load(sample("a")) == {"unchanged": ["a"]}
    assert table.load(sample("a", "Rome")) == {"kept": ["a"]}
    assert table.items() == {"a": sample("a") | {"touched_at": "2026-11-27"}}


def test_a_field_that_left_a_sample_leaves_the_table(table: Table) -> None:
    table.load(sample("a") | {"wingspan": 7})
    assert table.load(sample("a")) == {"updated": ["a"]}
    assert table.items() == {"a": sample("a")}


def test_a_change_in_the_very_moment_is_not_lost(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    table.load(sample("a"), sample("b"))
    samples = Samples(table.dynamodb, TABLE)
    read = list(samples._loaded_before())
    table.change("a", "location_city_str", "Bergen")
    table.change("b", "location_city_str", "Bergen")
    monkeypatch.setattr(samples, "_loaded_before", lambda: read)
    assert samples.bring_up_to_date([sample("a", "Rome")])["kept"] == ["a", "b"]
    assert {item["location_city_str"] for item in table.items().values()} == {"Bergen"}


@pytest.mark.parametrize(
    ("outcomes", "line"),
    [
        ({"added": ["a", "b"]}, "2 of 9 added"),
        ({"unchanged": ["a"]}, "0 of 9 added"),
        ({"updated": ["a"], "removed": ["b"], "added": ["c"]}, "1 updated, 1 removed, 1 of 9 added"),
        ({"kept": ["a"]}, "0 of 9 added, 1 left as somebody else wrote them: a"),
        ({"kept": list("abcd")}, "0 of 9 added, 4 left as somebody else wrote them: a, b, c, ..."),
    ],
)
def test_the_line_begins_with_nought_if_nothing_changed(outcomes: dict[str, list[str]], line: str) -> None:
    every: Any = defaultdict(list, outcomes)
    assert told(every, 9) == line
    changed = any(every[each] for each in ("added", "updated", "removed"))
    assert line.startswith("0 ") is not changed


LISTED = {name: sample(name) for name in "abc"}


@pytest.mark.parametrize(
    "behind",
    [
        {name: LISTED[name] for name in "bc"},
        {name: LISTED[name] for name in "ac"},
        {name: LISTED[name] for name in "ab"},
        LISTED | {"a": sample("a", "Rome")},
        LISTED | {"b": sample("b") | {"description_str": "Of yore."}},
        LISTED | {"gone": sample("gone")},
    ],
)
def test_it_waits_until_the_list_has_what_was_written(
    behind: dict[str, Dragon], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = iter([behind, LISTED])
    monkeypatch.setattr(load, "listed", lambda _: next(asked))
    outcomes: Any = defaultdict(list, added=["a"], updated=["b"], unchanged=["c"], removed=["gone"])
    wait_until_listed("http://api", [sample("a") | {"no_field": "x"}, sample("b"), sample("c")], outcomes)
    assert next(asked, None) is None


def test_it_gives_up_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "LISTED_SECONDS", 0.0)
    monkeypatch.setattr(load, "listed", lambda _: {})
    outcomes: Any = defaultdict(list, added=["a"])
    with pytest.raises(TimeoutError, match="1 sample dragons are not listed"):
        wait_until_listed("http://api", [sample("a")], outcomes)
