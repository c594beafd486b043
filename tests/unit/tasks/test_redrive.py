"""`make redrive`: what can be moved, how a move is followed, and what is said of it."""

import json
from argparse import Namespace
from collections.abc import Sequence
from typing import Any

import pytest

from tasks import redrive
from tasks.environment.environment import NEEDED, Environment
from tasks.processes.steps import StepError

QUEUE, DEAD = (f"arn:aws:sqs:us-east-1:000000000000:{name}" for name in ("queue", "dead"))


class ResourceNotFoundException(Exception):  # noqa: N818 - AWS's name
    """As SQS's client raises it."""


class FakeSqs:
    """A queue and its dead-letter queue; `moves` has what a move shows each time that somebody looks."""

    class exceptions:  # noqa: N801 - as on a client
        """The client's own errors."""

        ResourceNotFoundException = ResourceNotFoundException

    def __init__(self) -> None:
        self.held = 3
        self.moves: list[dict[str, Any]] = []
        self.started: list[dict[str, str]] = []
        self.cancelled: list[str] = []
        self._looked = False

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: Sequence[str]) -> dict[str, Any]:
        known = {"queue": {"QueueArn": QUEUE, "RedrivePolicy": json.dumps({"deadLetterTargetArn": DEAD})}}
        hidden = min(self.held, 1)
        known["dead"] = {
            "ApproximateNumberOfMessages": str(self.held - hidden),
            "ApproximateNumberOfMessagesNotVisible": str(hidden),
        }
        return {"Attributes": {name: known[QueueUrl][name] for name in AttributeNames}}

    def get_queue_url(self, QueueName: str) -> dict[str, str]:
        return {"QueueUrl": QueueName}

    def start_message_move_task(self, **asked: str) -> None:
        self.started.append(asked)

    def list_message_move_tasks(self, SourceArn: str, MaxResults: int) -> dict[str, Any]:
        assert (SourceArn, MaxResults) == (DEAD, 1)
        if not self.started and not self._looked:
            self._looked = True
            return {"Results": self.moves[:1] if self.moves and self.moves[0].get("before") else []}
        now = self.moves.pop(0) if len(self.moves) > 1 else self.moves[0]
        if now["Status"] == "COMPLETED":
            self.held -= now["ApproximateNumberOfMessagesMoved"]
        return {"Results": [now]}

    def cancel_message_move_task(self, TaskHandle: str) -> None:
        self.cancelled.append(TaskHandle)


def move(status: str, moved: int, expected: int = 3, **rest: Any) -> dict[str, Any]:
    counts = {"ApproximateNumberOfMessagesMoved": moved, "ApproximateNumberOfMessagesToMove": expected}
    return {"Status": status, "TaskHandle": "handle"} | counts | rest


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> FakeSqs:
    made = FakeSqs()
    outputs = dict.fromkeys(NEEDED, "x") | {
        "queues": {"tally_families": "queue"},
        "dead_letter_queues": {"tally_families": "dead", "sightings": "undelivered"},
    }
    monkeypatch.setattr(Environment, "enter_tools", lambda _: None)
    monkeypatch.setattr(Environment, "outputs", lambda _: outputs)
    monkeypatch.setattr(Environment, "client", lambda *_: made)
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    monkeypatch.setattr("tasks.events.dead_letters._POLL_SECONDS", 0)
    return made


def run(queue: str = "tally_families", approved: str = "") -> None:
    redrive.run(Environment("dev"), Namespace(queue=queue, auto_approve=approved))


def test_a_move_is_followed_to_its_end(sqs: FakeSqs, capsys: pytest.CaptureFixture[str]) -> None:
    sqs.moves = [move("RUNNING", 0), move("RUNNING", 1), move("RUNNING", 1), move("COMPLETED", 2)]
    run()
    # named, since a message that code has sent there has no source of its own
    assert sqs.started == [{"SourceArn": DEAD, "DestinationArn": QUEUE}]
    assert capsys.readouterr().out.splitlines() == [
        "  ... 1 of 3 moved",
        "  ... 2 of 3 moved",
        "tally_families: 2 messages moved back, 1 left in the dead-letter queue",
    ]


def test_a_move_that_is_at_work_is_gone_on_with(sqs: FakeSqs, capsys: pytest.CaptureFixture[str]) -> None:
    sqs.moves = [move("RUNNING", 1, before=True), move("COMPLETED", 3)]
    run()
    assert not sqs.started
    assert capsys.readouterr().out.endswith("3 messages moved back, 0 left in the dead-letter queue\n")


def test_a_move_of_what_comes_back_at_once_is_ended(sqs: FakeSqs, capsys: pytest.CaptureFixture[str]) -> None:
    sqs.moves = [move("RUNNING", 3), move("RUNNING", 4), move("CANCELLED", 5)]
    run()
    assert sqs.cancelled == ["handle"]
    printed = capsys.readouterr()
    assert "5 messages moved back, 3 left" in printed.out
    assert printed.err == "some came back at once, so the move was ended: mend tally_families first\n"


def test_a_move_that_fails_says_why(sqs: FakeSqs) -> None:
    sqs.moves = [move("RUNNING", 0), move("FAILED", 1, FailureReason="AccessDenied")]
    with pytest.raises(StepError, match=r"the move failed after 1 messages: AccessDenied"):
        run()


def test_an_empty_queue_says_so(sqs: FakeSqs, capsys: pytest.CaptureFixture[str]) -> None:
    sqs.held = 0
    run()
    assert capsys.readouterr().out == "tally_families has no dead letters\n"
    assert not sqs.started


@pytest.mark.parametrize(
    ("queue", "said"),
    [
        ("", "QUEUE=<name> is missing"),
        ("tally", "QUEUE=tally is not a queue that is deployed"),
        ("sightings", "QUEUE=sightings: what its dead-letter queue holds comes from no queue"),
    ],
)
@pytest.mark.usefixtures("sqs")
def test_what_is_no_queue_is_refused_with_what_is_possible(queue: str, said: str) -> None:
    with pytest.raises(StepError, match=said) as refused:
        run(queue)
    assert refused.value.remedy.endswith("choose one of tally_families")


def test_nothing_is_moved_on_aws_unless_somebody_says_yes(
    sqs: FakeSqs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: "no")
    with pytest.raises(StepError, match="nothing was moved"):
        run()
    with pytest.raises(StepError, match="AUTO_APPROVE=y is not valid"):
        run(approved="y")
    assert not sqs.started
    sqs.moves = [move("COMPLETED", 3)]
    run(approved="yes")
    assert sqs.started
