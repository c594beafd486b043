"""Changes of dragons while their consumers are killed, fail and are told twice; and what must be true then.

A short run is in the tests, a long one in `make bench PART=events`.
"""

import json
import random
import threading
import uuid
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from dragons import registry
from support.cloud_process import processes_of
from support.other_code import wrapped
from support.system import poll
from tasks import redrive, replay
from tasks.environment.environment import Environment
from tasks.events.dead_letters import DeadLetters

FAILING = 0.05
"""The share of messages at which a consumer fails."""

CONSUMERS = ("tally_families", "keep_journal")
KILLED = ("announce_dragon", *CONSUMERS)
SECONDS_BETWEEN_KILLS = 1.2
HIDDEN_SECONDS = 1
"""For how long a message is hidden after it was received, while the soak runs: a retry waits so long."""

FAULTY = f"""
import random


def handler(event, context):
    fail, good, groups = [], [], set()
    for each in event["Records"]:
        group = each["attributes"].get("MessageGroupId")
        if random.random() < {FAILING} or (group and group in groups):
            fail.append({{"itemIdentifier": each["messageId"]}})
            groups.add(group)
        else:
            good.append(each)
    if good:
        fail += deployed.handler({{"Records": good}}, context)["batchItemFailures"]
    return {{"batchItemFailures": fail}}
"""
"""A handler that fails at some messages, and at those of their groups behind them."""

POISONED = """
known = deployed.from_text


def from_text(body):
    if "{poison}" in body:
        raise deployed.EventError("{poison} is not understood yet")
    return known(body)


deployed.from_text = from_text
"""


@dataclass
class Written:
    """What was written to the table.

    Attributes:
        run: What all names of the run begin with.
        histories: The types of each dragon's events, in order, by its name.
        records: Each dragon as it is now, by its name; none if it was taken away.
    """

    run: str = field(default_factory=lambda: f"soak-{uuid.uuid4()}")
    histories: dict[str, list[str]] = field(default_factory=dict)
    records: dict[str, dict[str, str] | None] = field(default_factory=dict)

    @property
    def poison(self) -> str:
        """The family that a consumer does not understand at first."""
        return f"{self.run}-poison"

    def tallies(self) -> dict[str, int]:
        """The tallies as the table says."""
        there = [dragon for dragon in self.records.values() if dragon is not None]
        return dict(
            Counter(f"family#{dragon['family_str']}" for dragon in there)
            + Counter(f"country#{dragon['location_country_str']}" for dragon in there)
        )


def write(dynamodb: Any, table: str, written: Written, dragons: int, changes: int) -> None:
    """Add, change and remove dragons at random, each dragon's changes one after the other.

    Args:
        dynamodb: A client.
        table: The name of the dragons' table.
        written: Notes what was done.
        dragons: How many there are.
        changes: How often each is added, changed or removed.
    """

    def write_dragon(number: int) -> None:
        dragon = f"{written.run}-{number}"
        choice = random.Random(dragon)
        history, there = written.histories.setdefault(dragon, []), None
        for _ in range(changes):
            if there is not None and choice.random() < 0.3:
                dynamodb.delete_item(TableName=table, Key={"dragon_name_str": {"S": dragon}})
                history.append("DragonRemoved")
                there = None
                continue
            after = {
                "dragon_name_str": dragon,
                "family_str": f"{written.run}-{choice.choice(['red', 'blue', 'poison'])}",
                "location_country_str": f"{written.run}-{choice.randrange(5)}",
                "description_str": str(uuid.uuid4()),
            }
            item = {key: {"S": value} for key, value in after.items()}
            dynamodb.put_item(TableName=table, Item=item | registry.ITEM)
            history.append("DragonAdded" if there is None else "DragonChanged")
            there = after
        written.records[dragon] = there

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(write_dragon, range(dragons)))


def hold(
    aws: Callable[[str], Any], environment: Environment, written: Written, dragons: int, changes: int
) -> None:
    """Make sure that tallies and journal are what the table says, whatever happened to their consumers.

    Args:
        aws: Makes clients.
        environment: The system's.
        written: Notes what was done.
        dragons: How many there are.
        changes: How often each is added, changed or removed.
    """
    dynamodb, sqs, outputs = aws("dynamodb"), aws("sqs"), environment.outputs()
    letters = {each: DeadLetters(sqs, outputs["queues"][each]) for each in CONSUMERS}
    began = datetime.now(UTC) - timedelta(minutes=1)
    seconds = 60 + dragons * changes  # far more than it takes
    with faults(aws, outputs, written.poison):
        write(dynamodb, outputs["dragons_table"], written, dragons, changes)
        poll(
            lambda: complete_journal(dynamodb, outputs, written) or letters["keep_journal"].count() or None,
            "the journal to be whole, or what it lacks a dead letter",
            seconds,
            pause=1,
        )
        replay.run(environment, Namespace(begin=began.isoformat(), end="", rule="sightings", auto_approve=""))
        poll(lambda: is_idle(sqs, outputs) or None, "the queues to be worked off", seconds)
        found = reasons(sqs, outputs["dead_letter_queues"]["tally_families"], written.poison)
    assert found == {f"{written.poison} is not understood yet"}
    for each in CONSUMERS:  # the poison is understood by now; others were killed or failed too often
        redrive.run(environment, Namespace(queue=each, auto_approve=""))
    journal = poll(
        lambda: complete_journal(dynamodb, outputs, written), "the journal to be whole", seconds, pause=1
    )
    assert journal == written.histories, "in the order in which it was done"
    poll(
        lambda: tallies(dynamodb, outputs, written) == written.tallies() or None,
        "the tallies to be what the table says",
        seconds,
    )
    poll(lambda: is_idle(sqs, outputs) or None, "the queues to be worked off", seconds)
    assert tallies(dynamodb, outputs, written) == written.tallies()
    assert not any(each.count() for each in letters.values())


@contextmanager
def faults(aws: Callable[[str], Any], outputs: dict[str, Any], poison: str) -> Iterator[None]:
    """Let consumers fail and be killed, and one misunderstand a family, for a while."""
    client, names = aws("lambda"), [outputs["functions"][each].split(":")[6] for each in KILLED]
    code = {"tally_families": POISONED.format(poison=poison) + FAULTY, "keep_journal": FAULTY}
    with ExitStack() as stack:
        for each in CONSUMERS:
            stack.enter_context(soon_visible(aws("sqs"), outputs["queues"][each]))
            stack.enter_context(wrapped(client, outputs["functions"][each], code[each]))
        stack.enter_context(kills(names, client.meta.endpoint_url))
        yield


@contextmanager
def kills(functions: Sequence[str], endpoint: str) -> Iterator[None]:
    """Kill a process of one of the functions, time and again, in the middle of whatever it does."""
    ended = threading.Event()

    def kill() -> None:
        while not ended.wait(SECONDS_BETWEEN_KILLS):
            for process in processes_of(random.choice(functions), endpoint):
                process.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield
    finally:
        ended.set()
        killer.join()


@contextmanager
def soon_visible(sqs: Any, url: str) -> Iterator[None]:
    """Let a queue's messages be tried again soon."""
    name = "VisibilityTimeout"
    before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={name: str(HIDDEN_SECONDS)})
    try:
        yield
    finally:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={name: before})


def complete_journal(dynamodb: Any, outputs: dict[str, Any], written: Written) -> dict[str, list[str]] | None:
    """The types of each dragon's entries, oldest first, once there are as many as there were changes."""
    found = {
        dragon: [json.loads(item["entry"]["S"])["type"] for item in _entries(dynamodb, outputs, dragon)]
        for dragon in written.histories
    }
    whole = all(len(found[dragon]) >= len(history) for dragon, history in written.histories.items())
    return found if whole else None


def tallies(dynamodb: Any, outputs: dict[str, Any], written: Written) -> dict[str, int]:
    """The tallies of a run that are not 0."""
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=outputs["tallies_table"], ConsistentRead=True, FilterExpression="attribute_exists(dragons)"
    )
    found = {item["tally"]["S"]: int(item["dragons"]["N"]) for page in pages for item in page["Items"]}
    return {tally: number for tally, number in found.items() if written.run in tally and number}


def is_idle(sqs: Any, outputs: dict[str, Any]) -> bool:
    """Whether the consumers' queues are empty, and nothing is hidden in them."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    return not any(
        int(number)
        for each in CONSUMERS
        for number in sqs.get_queue_attributes(QueueUrl=outputs["queues"][each], AttributeNames=names)[
            "Attributes"
        ].values()
    )


def reasons(sqs: Any, url: str, text: str) -> set[str]:
    """The reasons of those messages in a dead-letter queue that have a text; they stay there.

    What was received too often, as it was killed or failed time and again, has none.
    """
    seen: list[dict[str, Any]] = []
    while messages := sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=10,
        VisibilityTimeout=60,
        WaitTimeSeconds=0,
        MessageAttributeNames=["reason"],
    ).get("Messages"):
        seen += messages
    for each in seen:
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"], VisibilityTimeout=0)
    told = [each.get("MessageAttributes", {}).get("reason") for each in seen if text in each["Body"]]
    return {reason["StringValue"] for reason in told if reason}


def forget(dynamodb: Any, outputs: dict[str, Any], written: Written) -> None:
    """Take what a run wrote out of the tables, tallies and journal last."""
    for dragon in written.histories:
        dynamodb.delete_item(TableName=outputs["dragons_table"], Key={"dragon_name_str": {"S": dragon}})
        for entry in _entries(dynamodb, outputs, dragon):
            key = {name: entry[name] for name in ("dragon_name_str", "position")}
            dynamodb.delete_item(TableName=outputs["journal_table"], Key=key)
    for tally in tallies(dynamodb, outputs, written):
        dynamodb.delete_item(TableName=outputs["tallies_table"], Key={"tally": {"S": tally}})


def _entries(dynamodb: Any, outputs: dict[str, Any], dragon: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = dynamodb.query(
        TableName=outputs["journal_table"],
        KeyConditionExpression="dragon_name_str = :name",
        ExpressionAttributeValues={":name": {"S": dragon}},
        ConsistentRead=True,
    )["Items"]
    return items
