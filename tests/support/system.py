"""The deployed system as its callers see it: HTTP, and a deadline for what takes a moment."""

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import requests

from support.people import Person

REPORT_SECONDS = 90.0

Report = dict[str, Any]


def page_of(answer: Any) -> dict[str, Any]:
    """The body of an answer, with any text for its token, which tells when it was made."""
    body: dict[str, Any] = answer.json()
    return body | {"nextToken": "..."} if "nextToken" in body else body


def poll[T](
    probe: Callable[[], T | None], what: str, seconds: float = REPORT_SECONDS, pause: float = 0.25
) -> T:
    """Ask until there is an answer.

    Args:
        probe: Gives an answer, or none as long as there is none.
        what: Words for what is waited for.
        seconds: The deadline.
        pause: Seconds between two questions.
    """
    deadline = time.monotonic() + seconds
    while True:
        answer = probe()
        if answer is not None:
            return answer
        if time.monotonic() > deadline:
            pytest.fail(f"{what}: not within {seconds:.0f} s")
        time.sleep(pause)


class Api:
    """The REST API over HTTP, with one connection a caller.

    Args:
        url: Its stage's URL.
        reporter: Who reports; nobody else is ever signed in.
    """

    def __init__(self, url: str, reporter: Person) -> None:
        self.url = url
        self._reporter = reporter

    @property
    def stage(self) -> dict[str, str]:
        """The API and the stage, as API Gateway's own operations name them."""
        found = re.search(r"(?://|/execute-api/)(\w+)[^/]*/(\w+)$", self.url)
        assert found, f"{self.url} is not the URL of a stage"
        return {"restApiId": found[1], "stageName": found[2]}

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send a request; nothing is retried."""
        return requests.request(method, self.url + path, timeout=60, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        """Send a GET."""
        return self.request("GET", path, **options)

    def submit(self, headers: Mapping[str, str] | None = None, **options: Any) -> requests.Response:
        """Post whatever it is to `/dragons` as the reporter."""
        signed_in = {"Authorization": self._reporter.tokens.id}
        return self.request("POST", "/dragons", headers=signed_in | dict(headers or {}), **options)

    def post(self, report: Report, key: str | None = None) -> requests.Response:
        """Post a report, with an idempotency key or without."""
        return self.submit({} if key is None else {"Idempotency-Key": key}, json=report)

    def report_id(self, key: str) -> str:
        """The id of the reporter's report with an idempotency key."""
        return f"{self._reporter.sub}-{key}"

    def outcome(self, report_id: str) -> dict[str, Any]:
        """Wait until a report has left RUNNING."""

        def ended() -> dict[str, Any] | None:
            answer = self.get(f"/dragons/reports/{report_id}")
            if answer.status_code == 404:
                return None  # on AWS, for a moment after the 202
            assert answer.status_code == 200, answer.text
            status: dict[str, Any] = answer.json()
            return None if status["status"] == "RUNNING" else status

        return poll(ended, f"report {report_id} to end")

    def taken(self, report: Report) -> str:
        """Post a report that is accepted, when the API's throttle lets it in.

        Returns:
            Its id.
        """

        def report_id() -> str | None:
            answer = self.post(report)
            assert answer.status_code in (202, 429), answer.text
            return str(answer.json()["reportId"]) if answer.status_code == 202 else None

        return poll(report_id, "a report to be taken")

    def accepted(self, report: Report) -> dict[str, Any]:
        """Post a report that is accepted, and wait for its outcome."""
        return self.outcome(self.taken(report))

    def listed(self, **query: str) -> list[dict[str, str]]:
        """Every dragon of a query, page by page."""
        found: list[dict[str, str]] = []
        token: dict[str, str] = {}
        while True:
            answer = self.get("/dragons", params=query | token)
            assert answer.status_code == 200, answer.text
            found += answer.json()["dragons"]
            if "nextToken" not in answer.json():
                return found
            token = {"nextToken": answer.json()["nextToken"]}

    def wait_listed(self, count: int, **query: str) -> list[dict[str, str]]:
        """Wait until a query finds so many dragons: the read model follows the table by a moment."""

        def enough() -> list[dict[str, str]] | None:
            found = self.listed(**query)
            return found if len(found) >= count else None

        return poll(enough, f"{count} dragons of {query}")


Make = Callable[..., Report]
"""Makes a report of a dragon of its own; see the fixture `make_report`."""
