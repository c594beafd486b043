"""In-memory stand-ins for the AWS clients that the functions use."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from dragons.journal import Entry, from_message

NOW = datetime(2026, 1, 3, tzinfo=UTC)


class NoSuchKey(Exception):  # noqa: N818 - AWS's name
    """The error that a client of S3 raises for a key that does not exist."""


class PreconditionFailed(ClientError):  # noqa: N818 - AWS's name
    """The error that a client of S3 raises when If-Match does not."""

    def __init__(self, key: str) -> None:
        super().__init__({"Error": {"Code": "PreconditionFailed", "Message": key}}, "PutObject")


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self, amt: int | None = None) -> bytes:
        end = len(self._content) if amt is None else amt
        read, self._content = self._content[:end], self._content[end:]
        return read

    def iter_lines(self, chunk_size: int = 1024) -> Iterator[bytes]:
        yield from self._content.splitlines()


class FakeS3:
    """S3 with one bucket: listing in key order, conditional writes, a record of what was read.

    Attributes:
        bucket: The bucket's name.
        objects: Key to content.
        read: The keys that were read, in order.
        recent: The keys of objects that were written at NOW; the others are two days old.
    """

    bucket = "bucket"

    class exceptions:  # noqa: N801 - as on a client
        """The client's own errors."""

        NoSuchKey = NoSuchKey

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.read: list[str] = []
        self.recent: set[str] = set()

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:
        """Read an object."""
        assert Bucket == self.bucket
        self.read.append(Key)
        if Key not in self.objects:
            raise NoSuchKey(Key)
        body = self.objects[Key]
        return {"Body": _Body(body), "ETag": _etag(body), "ContentLength": len(body)}

    def put_object(
        self,
        Bucket: str,
        Key: str,
        Body: bytes,
        ContentType: str,
        IfMatch: str | None = None,
        IfNoneMatch: str | None = None,
    ) -> None:
        """Write an object, if it is still the one that was read, or if there is none."""
        assert Bucket == self.bucket
        if IfNoneMatch == "*" and Key in self.objects:
            raise PreconditionFailed(Key)
        if IfMatch is not None and _etag(self.objects.get(Key)) != IfMatch:
            raise PreconditionFailed(Key)
        self.objects[Key] = Body
        self.recent.add(Key)

    def get_paginator(self, operation: str) -> "FakeS3":
        """List objects, two a page."""
        assert operation == "list_objects_v2"
        return self

    def paginate(self, Bucket: str, Prefix: str, StartAfter: str = "") -> Iterator[dict[str, Any]]:
        """Yield the pages of a listing, each of what is there when it is asked for."""
        assert Bucket == self.bucket
        after: str | None = StartAfter
        while after is not None:
            keys = sorted(key for key in self.objects if key.startswith(Prefix) and key > after)
            yield {"Contents": [self._listed(key) for key in keys[:2]]} if keys else {}
            after = keys[1] if len(keys) > 2 else None

    def delete_objects(self, Bucket: str, Delete: dict[str, list[dict[str, str]]]) -> dict[str, Any]:
        """Delete objects."""
        assert Bucket == self.bucket
        for each in Delete["Objects"]:
            self.objects.pop(each["Key"], None)
        return {}

    def _listed(self, key: str) -> dict[str, Any]:
        written = NOW if key in self.recent else NOW - timedelta(days=2)
        return {"Key": key, "Size": len(self.objects[key]), "LastModified": written}


def _etag(content: bytes | None) -> str:
    return "" if content is None else hashlib.sha256(content).hexdigest()


# What Parameter Store holds in the unit tests, under the names that tests/unit/functions/conftest.py gives.
PARAMETERS = {
    "/dragons/unit/dataset_bucket": "bucket",
    "/dragons/unit/dataset_prefix": "dragons/",
    "/dragons/unit/query_engine": "scan",
}


class FakeFifoQueue:
    """SQS with one FIFO queue, which drops what comes again.

    Attributes:
        refuse: Whether a message of a request is refused.
        requests: The entries of each request.
        sent: What is in the queue, in order.
    """

    url = "https://sqs.us-east-1.amazonaws.com/123456789012/journal.fifo"

    def __init__(self, refuse: Callable[[dict[str, Any]], bool] = lambda _: False) -> None:
        self.refuse = refuse
        self.requests: list[list[dict[str, Any]]] = []
        self.sent: list[dict[str, Any]] = []

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:
        """Take the entries of a request, or tell which were refused: the last one first."""
        assert QueueUrl == self.url
        assert len({each["Id"] for each in Entries}) == len(Entries) > 0
        self.requests.append(Entries)
        failed: list[dict[str, Any]] = []
        for entry in Entries:
            if self.refuse(entry):
                failed.insert(0, {"Id": entry["Id"], "Code": "InternalError", "Message": "again"})
            elif not any(
                entry["MessageDeduplicationId"] == each["MessageDeduplicationId"] for each in self.sent
            ):
                self.sent.append(entry)
        return {"Failed": failed} if failed else {}

    def entries(self) -> list[Entry]:
        """What is in the queue, as the journal reads it."""
        return [from_message(each["MessageBody"]) for each in self.sent]


class FakeJournalTable:
    """DynamoDB with one table, whose items are in order by `position`.

    Attributes:
        items: Name and position to item.
        read_at_most: How many items a query reads, as those of AWS end at 1 MB.
    """

    table = "dragons-unit-journal"

    def __init__(self, read_at_most: int = 1000) -> None:
        self.items: dict[tuple[str, str], dict[str, Any]] = {}
        self.read_at_most = read_at_most

    def put_item(self, TableName: str, Item: dict[str, Any]) -> None:
        """Put an item, in place of one of the same key."""
        assert TableName == self.table
        self.items[Item["dragon_name_str"]["S"], Item["position"]["S"]] = Item

    def query(
        self,
        TableName: str,
        KeyConditionExpression: str,
        ExpressionAttributeValues: dict[str, Any],
        Limit: int,
        ExclusiveStartKey: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Find the items of a name; as on AWS, there may be more wherever the limit was reached."""
        assert (TableName, KeyConditionExpression) == (self.table, "dragon_name_str = :name")
        name = ExpressionAttributeValues[":name"]["S"]
        after = "" if ExclusiveStartKey is None else ExclusiveStartKey["position"]["S"]
        keys = [key for key in sorted(self.items) if key[0] == name and key[1] > after]
        read = keys[: min(Limit, self.read_at_most)]
        found: dict[str, Any] = {"Items": [self.items[key] for key in read]}
        if len(read) == Limit or len(read) < len(keys):
            found["LastEvaluatedKey"] = {"dragon_name_str": {"S": name}, "position": {"S": read[-1][1]}}
        return found
