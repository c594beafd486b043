"""GET /dragons over HTTP: the same questions at datasets of other sizes, and with S3 further away."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests

from bench.query_data import CITY, FAMILY, IN_CITY, IN_FAMILY, LARGE_FAMILY, dragon
from bench.rounds import rotated
from support.other_code import wrapped
from tasks.processes.steps import StepError

ROUNDS = 5
NAME, A_FAMILY, IN_A_FAMILY, A_CITY, NO_FILTER, IN_ORDER = (
    "`dragonName=`",
    f"`family=`, {IN_FAMILY} dragons",
    "`family=` and `city=`, an eighth",
    "`city=`",
    "no filter",
    "`order=name`",
)
ASKED: dict[str, tuple[dict[str, str], int | None]] = {
    NAME: ({"dragonName": dragon(0, 1000)["dragon_name_str"]}, 1),
    A_FAMILY: ({"family": FAMILY}, IN_FAMILY),
    IN_A_FAMILY: ({"family": LARGE_FAMILY, "city": CITY}, None),
    A_CITY: ({"city": CITY}, IN_CITY),
    NO_FILTER: ({}, 50),
    IN_ORDER: ({"order": "name"}, 50),
}
"""The query of each question, and how many dragons its first page has; none where that is no matter."""

_SECONDS = 60
_TIMING = re.compile(r'(\w+);desc="([^"]*)"')

# What botocore sends for a client of S3 waits first, whichever thread it is that sends it.
_LATE = """
import time

from botocore.endpoint import Endpoint

_send = Endpoint.make_request


def _send_late(self, operation_model, request_dict):
    if operation_model.service_model.service_name == "s3":
        time.sleep({seconds})
    return _send(self, operation_model, request_dict)


Endpoint.make_request = _send_late
handler = deployed.handler
"""


@dataclass(frozen=True)
class Answer:
    """What became of a question that was asked in each round.

    Attributes:
        status: Of the last answer.
        seconds: Until the first byte, of each.
        told: What the last one's Server-Timing says: `plan`, `objects`, `bytes`.
    """

    status: int
    seconds: list[float]
    told: Mapping[str, str]

    @property
    def good(self) -> bool:
        """Whether there was an answer."""
        return self.status == HTTPStatus.OK


Answers = dict[str, Answer]
"""By the question."""


def ask(url: str, rounds: int = ROUNDS, questions: Iterable[str] = tuple(ASKED)) -> Answers:
    """Ask each question in each round; one that is refused or not answered is asked once.

    Args:
        url: Of the API's stage.
        rounds: How many that count; the one before them finds no process and no connection.
        questions: Some of those above.

    Raises:
        StepError: An answer has another number of dragons than there are.
    """
    answers: Answers = {}
    with requests.Session() as session:
        for number in range(-1, rounds):
            for question in rotated(list(questions), max(number, 0)):
                before = answers.get(question)
                if before is None or before.good:
                    answers[question] = _ask(session, url, question, before if number > 0 else None)
    return answers


def _ask(session: requests.Session, url: str, question: str, before: Answer | None) -> Answer:
    query, expected = ASKED[question]
    answer = session.get(f"{url}/dragons", params=query, timeout=_SECONDS)
    if answer.ok and expected not in (None, found := len(answer.json()["dragons"])):
        raise StepError(f"{question}: {found} dragons, and not {expected}", detail=answer.text[:2000])
    told = dict(_TIMING.findall(answer.headers.get("Server-Timing", "")))
    seconds = [*(before.seconds if before else []), answer.elapsed.total_seconds()]
    return Answer(answer.status_code, seconds, told)


@contextmanager
def late_s3(client: Any, function: str, seconds: float) -> Iterator[None]:
    """Let each call of S3 that a function makes wait, for a while.

    Args:
        client: A client of Lambda.
        function: The ARN of the function's alias.
        seconds: How long.
    """
    with wrapped(client, function, _LATE.format(seconds=seconds)):
        yield
