"""TransactWriteItems of moto at the cost of what it writes.

moto 5.2.3 (tried) copies each table of a transaction whole, in case it has to roll back: 0.3 s where there
are 1,000 small items, while all other requests wait. Here the items that a transaction names are copied.
Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from unittest import mock

from localstack.utils.patch import patch
from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table

Undo = Callable[[], None]


def copy_only_what_is_written() -> None:
    """Let moto roll back items instead of tables; requests come one at a time (`dynamodb.call_alone`)."""
    patch(DynamoDBBackend.transact_write_items)(transact_write_items)  # type: ignore[no-untyped-call]


def transact_write_items(original: Any, backend: Any, transact_items: Sequence[Any]) -> None:
    """Write all items, or none.

    Raises:
        Exception: Whatever moto raises; nothing was written.
    """
    undo = list(undoing(backend, transact_items))
    try:
        with mock.patch.object(Table, "__deepcopy__", lambda table, _: table, create=True):
            original(backend, transact_items)
    except Exception:
        for each in undo:
            each()
        raise


def undoing(backend: Any, transact_items: Sequence[Mapping[str, Any]]) -> Iterator[Undo]:
    """Return what takes back the writes of a transaction that is about to begin."""
    for operation in (each for item in transact_items for each in item.values()):
        table = backend.tables.get(operation.get("TableName"))
        if table is None:
            continue  # moto refuses it
        try:
            hash_key, range_key = backend.get_keys_value(
                table, operation.get("Key") or operation.get("Item", {})
            )
        except MockValidationException:
            continue
        yield item_as_it_is(table, hash_key, range_key)
        if table.stream_shard is not None:
            yield stream_as_it_is(table.stream_shard)


def item_as_it_is(table: Any, hash_key: Any, range_key: Any) -> Undo:
    """Return what puts an item back, or takes away one that is not there yet."""
    before = copy.deepcopy(table.get_item(hash_key, range_key))

    def undo() -> None:
        items, key = (table.items, hash_key) if range_key is None else (table.items[hash_key], range_key)
        if before is None:
            items.pop(key, None)
        else:
            items[key] = before

    return undo


def stream_as_it_is(shard: Any) -> Undo:
    """Return what drops the records that are added from now on."""
    length = len(shard.items)

    def undo() -> None:
        del shard.items[length:]

    return undo
