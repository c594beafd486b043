"""Reviews as reviewers see them, and machines whose reviews end sooner than the deployed one's."""

import json
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import requests

from contract.rendering import state_machine
from dragons.fields import RECORD_NAMES
from support.people import Person
from support.system import Api, Report, poll

Aws = Callable[[str], Any]
Review = dict[str, Any]


class Reviews:
    """The routes of reviews over HTTP, and what becomes of a report that waits.

    Args:
        url: The HTTP API's.
        token: Of whoever reviews.
        api: Where reports are made.
    """

    def __init__(self, url: str, token: str, api: Api) -> None:
        self._url = f"{url}/reviews"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._api = api

    def get(self, **query: str) -> requests.Response:
        """Ask for the open ones."""
        return requests.get(self._url, headers=self._headers, params=query, timeout=60)

    def open(self) -> list[Review]:
        """All that are open, page by page."""
        found: list[Review] = []
        query: dict[str, str] = {}
        while True:
            answer = self.get(**query)
            assert answer.status_code == 200, answer.text
            found += answer.json()["reviews"]
            if "nextToken" not in answer.json():
                return found
            query = {"nextToken": answer.json()["nextToken"]}

    def of(self, report_id: str) -> list[Review]:
        """Those of a report."""
        return [each for each in self.open() if each["reportId"] == report_id]

    def decide(self, review_id: str, body: Any) -> requests.Response:
        """Post a decision, or whatever it is."""
        given = {"data": body} if isinstance(body, bytes) else {"json": body}
        return requests.post(f"{self._url}/{review_id}", headers=self._headers, timeout=60, **given)

    def asked(self, report_id: str) -> Review:
        """Wait until a report waits for a reviewer."""
        return poll(lambda: next(iter(self.of(report_id)), None), f"a review of {report_id}")

    def reported(self, report: Report) -> Review:
        """Report a dragon of a new family."""
        return self.asked(self._api.taken(report))


@pytest.fixture
def reviews(outputs: dict[str, Any], reviewer: Person, api: Api) -> Reviews:
    """The reviewer's."""
    return Reviews(outputs["http_api_url"], reviewer.tokens.access, api)


@pytest.fixture
def new_family() -> str:
    """A family that no dragon is of."""
    return f"e2e-{uuid.uuid4()}"


class Run:
    """An execution of a machine whose reviews end soon.

    Attributes:
        arn: The execution's.
        report_id: Its name.
    """

    def __init__(self, steps: Any, machine: str, report: Report) -> None:
        given = {RECORD_NAMES.get(name, name): value for name, value in report.items()}
        self._steps = steps
        self.report_id = f"e2e-{uuid.uuid4()}"
        self.arn: str = steps.start_execution(
            stateMachineArn=machine, name=self.report_id, input=json.dumps(given)
        )["executionArn"]

    def described(self) -> dict[str, Any]:
        """What Step Functions says of it."""
        found: dict[str, Any] = self._steps.describe_execution(executionArn=self.arn)
        return found

    def ended(self, meanwhile: Callable[[], object] = lambda: None) -> dict[str, Any]:
        """Wait until it has ended, and do something meanwhile."""

        def end() -> dict[str, Any] | None:
            meanwhile()
            found = self.described()
            return None if found["status"] == "RUNNING" else found

        return poll(end, "the execution to end")


@pytest.fixture
def machine(outputs: dict[str, Any], aws: Aws) -> Iterator[Callable[[int, int], str]]:
    """Make a machine like the deployed one, but for seconds until the deadline and without a heartbeat."""
    steps, made = aws("stepfunctions"), list[str]()
    deployed = steps.describe_state_machine(stateMachineArn=outputs["report_dragon_arn"])
    states = json.loads(deployed["definition"])["States"]

    def make(deadline: int, heartbeat: int) -> str:
        definition = state_machine(
            validate_dragon_arn=states["ValidateDragon"]["Parameters"]["FunctionName"],
            table_name=outputs["dragons_table"],
            texts_table=outputs["texts_table"],
            event_bus=outputs["event_bus"],
            family_index=states["FindFamily"]["Parameters"]["IndexName"],
            reviews_queue_url=outputs["queues"]["open_review"],
            review_deadline_seconds=str(deadline),
            review_heartbeat_seconds=str(heartbeat),
        )
        arn: str = steps.create_state_machine(
            name=f"e2e-{uuid.uuid4()}", definition=definition, roleArn=deployed["roleArn"]
        )["stateMachineArn"]
        made.append(arn)
        return arn

    yield make
    for arn in made:
        steps.delete_state_machine(stateMachineArn=arn)


@pytest.fixture
def run(machine: Callable[[int, int], str], aws: Aws) -> Iterator[Callable[..., Run]]:
    """Report a dragon to such a machine; what still runs is stopped when the test ends."""
    runs = list[Run]()

    def start(report: Report, *, deadline: int, heartbeat: int) -> Run:
        runs.append(Run(aws("stepfunctions"), machine(deadline, heartbeat), report))
        return runs[-1]

    yield start
    for each in runs:
        if each.described()["status"] == "RUNNING":
            aws("stepfunctions").stop_execution(executionArn=each.arn)


@pytest.fixture
def renew(outputs: dict[str, Any], aws: Aws) -> Callable[[], object]:
    """Let the beat come now, and not when its schedule says."""
    return partial(aws("lambda").invoke, FunctionName=outputs["functions"]["renew_reviews"], Payload=b"{}")
