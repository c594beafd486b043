"""Ways to find dragons in a folder of JSON Lines: the scan engine, and its peers.

Each brings what it needs into memory when it is made, and reads when its first dragon is asked for.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.query_data import PREFIX, files_of

ENGINE, JSON, DUCKDB, MOTO = "scan engine", "stdlib json", "DuckDB", "moto's S3 Select"


@dataclass
class Read:
    """What was read so far; none where the reader does not tell."""

    objects: int | None = 0
    bytes: int | None = 0


Filters = Mapping[str, str]
Names = Iterator[str]


def scan_engine(folder: Path, filters: Filters, limit: int, read: Read) -> Names:
    """The function's own engine, one object further than a page."""
    from bench.folder_s3 import FolderS3
    from list_dragons.query import Query, Reading
    from list_dragons.scan import ScanEngine

    reading = Reading()
    engine = ScanEngine(FolderS3(folder), "", PREFIX)  # type: ignore[arg-type]  # as much of S3 as it needs

    def names() -> Names:
        for _, dragon in engine.dragons(Query(filters, limit), reading):
            read.objects, read.bytes = reading.objects, reading.bytes
            yield dragon["dragon_name_str"]
        read.objects, read.bytes = reading.objects, reading.bytes

    return names()


def stdlib_json(folder: Path, filters: Filters, _limit: int, read: Read) -> Names:
    """Line by line with `json`, and nothing else."""
    wanted = list(filters.items())
    for _, path in files_of(folder):
        read.objects = (read.objects or 0) + 1
        with path.open("rb") as file:
            for line in file:
                read.bytes = (read.bytes or 0) + len(line)
                dragon = json.loads(line)
                if all(dragon.get(field) == value for field, value in wanted):
                    yield dragon["dragon_name_str"]


def duckdb(folder: Path, filters: Filters, limit: int, read: Read) -> Names:
    """DuckDB's `read_json` over all files, with the columns that it is asked for and threads as it likes.

    Source: https://duckdb.org/docs/stable/data/json/loading_json
    """
    import duckdb

    read.objects = read.bytes = None
    columns = ", ".join(f"{name}: 'VARCHAR'" for name in ("dragon_name_str", *filters))
    source = f"read_json(?, format = 'newline_delimited', columns = {{{columns}}})"
    where = " AND ".join(f"{field} = ?" for field in filters) or "true"
    sql = f"SELECT dragon_name_str FROM {source} WHERE {where} LIMIT {limit + 1}"
    connection = duckdb.connect()

    def names() -> Names:
        files = [str(path) for _, path in files_of(folder)]
        found = connection.execute(sql, [files, *filters.values()])
        while row := found.fetchone():
            yield row[0]

    return names()


def moto_select(folder: Path, filters: Filters, limit: int, read: Read) -> Names:
    """What moto runs for SelectObjectContent, object by object."""
    from moto.s3.select_object_content import parse_query

    where = " AND ".join(f"s.{field} = '{value}'" for field, value in filters.items())
    sql = f"SELECT * FROM s3object s WHERE {where} LIMIT {limit + 1}"

    def names() -> Names:
        for _, path in files_of(folder):
            text = path.read_text(encoding="utf-8")
            read.objects, read.bytes = (read.objects or 0) + 1, (read.bytes or 0) + path.stat().st_size
            found, _ = parse_query(text, sql)
            yield from (each["dragon_name_str"] for each in found)

    return names()


READERS: dict[str, Callable[[Path, Filters, int, Read], Names]] = {
    ENGINE: scan_engine,
    JSON: stdlib_json,
    DUCKDB: duckdb,
    MOTO: moto_select,
}
