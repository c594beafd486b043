"""Which files have come before, by their content."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from dragons.imports import ImportFile

_FIRST = "first"


class EarlierFiles:
    """Knows the first file of each content, in the table of outcomes."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def same_as(self, file: ImportFile, sha256: str, forget_at: int) -> str | None:
        """The key of the file that came first with this content; none if it is this very one.

        Args:
            file: What is read now.
            sha256: Of its bytes.
            forget_at: Until when it is remembered, in seconds of Unix time.
        """
        key = {"import_id": {"S": f"sha256#{sha256}"}, "position": {"S": _FIRST}}
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item={
                    **key,
                    "first_import": {"S": file.import_id},
                    "file": {"S": file.key},
                    "forget_at": {"N": str(forget_at)},
                },
                ConditionExpression="attribute_not_exists(import_id)",
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            found = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True)
            first = found.get("Item")
            if first is not None and first["first_import"]["S"] != file.import_id:
                return str(first["file"]["S"])
        return None
