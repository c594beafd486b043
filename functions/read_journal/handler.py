"""GET /dragons/journal: what happened to a dragon, oldest first."""

from collections.abc import Mapping
from typing import Any

import boto3

from dragons import config, tracing
from dragons.errors import InvalidRequestError
from dragons.http import Responder
from dragons.journal_table import DynamoDBJournal
from read_journal.request import next_token, read_query
from read_journal.settings import Settings

tracing.enable()
settings = config.load(Settings)
respond = Responder()
journal = DynamoDBJournal(boto3.client("dynamodb"), settings.journal_table)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer a proxy event with `{"entries": [{"type", "at", ...}], "nextToken": "..."}`."""
    try:
        query = read_query(event)
    except InvalidRequestError as error:
        return respond.invalid(event, error)
    page = journal.page(query.dragon_name, query.limit, query.after)
    body: dict[str, Any] = {"entries": page.entries}
    if page.next_after is not None:
        body["nextToken"] = next_token(query, page.next_after)
    return respond.json(event, 200, body)
