"""Tables of Glue's catalog, read out of the local S3: of text, one column of strings, a line a row.

Sources: https://docs.aws.amazon.com/athena/latest/ug/lazy-simple-serde.html (a field ends at the first
character 1), https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html and
https://docs.aws.amazon.com/athena/latest/ug/partition-projection-dynamic-id-partitioning.html
"""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import duckdb

from localcloud.athena.statement import QueryError, Statement

_SERDE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
_SEPARATOR = "\x01"


def load(connection: duckdb.DuckDBPyConnection, name: str, table: Any, statement: Statement, s3: Any) -> int:
    """Make a table of DuckDB.

    Args:
        connection: Where.
        name: What it is to be called.
        table: Glue's description of it.
        statement: What it is read for, which may have to name its partitions.
        s3: A client.

    Returns:
        The bytes that were read.

    Raises:
        QueryError: It is of another kind, or its partitions are not named.
    """
    described = table["StorageDescriptor"]
    columns = [each["Name"] for each in described["Columns"]]
    if len(columns) != 1 or described["SerdeInfo"]["SerializationLibrary"] != _SERDE:
        raise QueryError(f"NOT_SUPPORTED: {table['Name']}: here, a table is text with one column")
    keys = [each["Name"] for each in table.get("PartitionKeys", [])]
    scanned = 0
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="") as file:
        for values, location in _locations(table, keys, statement):
            for path, content in _objects(s3, location):
                scanned += len(content)
                file.writelines(_SEPARATOR.join((line, path, *values)) + "\n" for line in _lines(content))
        file.flush()
        types = ", ".join(f"'{column}': 'VARCHAR'" for column in (*columns, "$path", *keys))
        connection.execute(
            f"CREATE TABLE {name} AS FROM read_csv($file, delim = '{_SEPARATOR}', quote = '', escape = '', "
            f"nullstr = '\\N', header = false, auto_detect = false, columns = {{{types}}})",
            {"file": file.name},
        )
    return scanned


def _locations(table: Any, keys: list[str], statement: Statement) -> Iterator[tuple[tuple[str, ...], str]]:
    parameters: Mapping[str, str] = table.get("Parameters", {})
    if not keys:
        yield (), table["StorageDescriptor"]["Location"]
        return
    [key, *others] = keys
    if others or parameters.get(f"projection.{key}.type") != "injected":
        raise QueryError(f"NOT_SUPPORTED: {table['Name']}: here, a partition is one injected column")
    values = statement.values(key)
    if not values:
        raise QueryError(
            f"CONSTRAINT_VIOLATION: For the injected projected partition column {key}, the WHERE clause must "
            "contain only static equality conditions, and at least one such condition must be present."
        )
    for value in values:
        yield (value,), parameters["storage.location.template"].replace(f"${{{key}}}", value)


def _objects(s3: Any, location: str) -> Iterator[tuple[str, bytes]]:
    """Yield what is below a location, but for what Hive takes for hidden."""
    bucket, _, prefix = location.removeprefix("s3://").partition("/")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for key in (each["Key"] for each in page.get("Contents", []) if each["Size"]):
            if not any(part[0] in "._" for part in PurePosixPath(key.removeprefix(prefix)).parts):
                yield f"s3://{bucket}/{key}", s3.get_object(Bucket=bucket, Key=key)["Body"].read()


def _lines(content: bytes) -> Iterator[str]:
    for line in content.splitlines():
        try:
            yield line.decode().partition(_SEPARATOR)[0]
        except UnicodeDecodeError:
            continue  # DuckDB has no text that is not UTF-8
