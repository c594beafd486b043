"""What a caller is sent: a body, and headers besides those of every response."""

from typing import Any

from list_dragons.planner import Answer
from list_dragons.query import Asked
from list_dragons.request import next_token
from list_dragons.unavailable import QueryUnavailableError

Shaped = tuple[dict[str, Any], dict[str, str]]


def answered(asked: Asked, answer: Answer) -> Shaped:
    """Shape a page of dragons, or their number, which is in a header, too: HEAD has no body."""
    headers = {"Server-Timing": answer.timing.header()}
    if isinstance(answer.found, int):
        return {"count": answer.found}, {"X-Total-Count": str(answer.found)} | headers
    body: dict[str, Any] = {"dragons": answer.found.dragons}
    if answer.found.next_after is not None:
        body["nextToken"] = next_token(asked, answer.found.next_after)
    return body, headers


def unavailable(error: QueryUnavailableError) -> Shaped:
    """Tell what is the matter, in the form of the project's errors."""
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return {"message": error.remedy, "errors": []}, headers
