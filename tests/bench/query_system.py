"""Other dragons in a system that is up, with nobody who carries them from its table into its dataset."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import batched
from typing import Any

from boto3.dynamodb.types import TypeSerializer

from bench.query_data import PREFIX, dragon
from tasks.processes.steps import StepError

_A_BATCH, _A_DELETION, _AT_ONCE = 25, 1000, 4
_STOP_SECONDS = 60.0
_serialize = TypeSerializer().serialize

Aws = Callable[[str], Any]


def stop_consumers(client: Any, table: str) -> None:
    """Disable what reads the stream of a table.

    Args:
        client: A client of Lambda.
        table: The table's name.

    Raises:
        StepError: One goes on reading.
    """

    def reading() -> list[dict[str, Any]]:
        pages = client.get_paginator("list_event_source_mappings").paginate()
        mappings = [each for page in pages for each in page["EventSourceMappings"]]
        return [
            each
            for each in mappings
            if f":table/{table}/stream/" in each.get("EventSourceArn", "") and each["State"] != "Disabled"
        ]

    for each in reading():
        client.update_event_source_mapping(UUID=each["UUID"], Enabled=False)
    deadline = time.monotonic() + _STOP_SECONDS
    while reading():
        if time.monotonic() > deadline:
            raise StepError("a consumer of the table's stream does not stop")
        time.sleep(0.2)


def replace_dataset(s3: Any, bucket: str, objects: Iterable[tuple[str, bytes]]) -> None:
    """Delete the objects of the dataset, and put others there."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX)
    there = [{"Key": each["Key"]} for page in pages for each in page.get("Contents", [])]
    for some in batched(there, _A_DELETION, strict=False):
        s3.delete_objects(Bucket=bucket, Delete={"Objects": list(some), "Quiet": True})
    for key, content in objects:
        s3.put_object(Bucket=bucket, Key=key, Body=content)


def add_to_table(aws: Aws, table: str, numbers: range, count: int) -> None:
    """Put some of the dragons of a dataset into the table.

    Args:
        aws: Makes clients.
        table: Its name.
        numbers: Which dragons.
        count: How many the dataset has.
    """
    client = aws("dynamodb")

    def put(some: Iterable[int]) -> None:
        requests = [{"PutRequest": {"Item": _item(number, count)}} for number in some]
        left = {table: requests}
        while left:
            left = client.batch_write_item(RequestItems=left)["UnprocessedItems"]

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(put, batched(numbers, _A_BATCH, strict=False)))


def _item(number: int, count: int) -> dict[str, Any]:
    record = dragon(number, count) | {"registry": "dragons"}
    return {name: _serialize(value) for name, value in record.items()}
