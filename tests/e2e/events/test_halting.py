"""A function that is halted: callers are told, what waits for it waits, and nothing of it is lost."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

from support.system import Api, Make, poll
from support.under_test import UnderTest, applied_from
from tasks import halt, resume
from tasks.environment.terraform import Root
from tasks.stopping.parameters import HaltedParameters
from tasks.stopping.switch import StopSwitch

Aws = Callable[[str], Any]
Tell = Callable[[str, int], list[str]]


@pytest.fixture(scope="module")
def root() -> Root:
    """The root that the system under test was made from: Terraform's state is to say what is halted."""
    return applied_from()


@pytest.fixture
def switch(root: Root, outputs: dict[str, Any], aws: Aws) -> StopSwitch:
    """The switch, without what the commands ask and tell, and without Terraform."""
    parameters = HaltedParameters(aws("ssm"), outputs["parameter_path"])
    return StopSwitch(aws("lambda"), parameters, outputs["functions"])


@contextmanager
def halted(switch: StopSwitch, name: str) -> Iterator[None]:
    """Halt a function for a while."""
    switch.halt(name)
    try:
        yield
    finally:
        if switch.is_noted(name):
            switch.resume(name)


@pytest.mark.release
@pytest.mark.timeout(1200)  # two runs of Terraform
def test_an_apply_keeps_it_halted_and_its_queue_waits(
    root: Root,
    outputs: dict[str, Any],
    aws: Aws,
    tallies: Any,
    tell: Tell,
    family: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = Namespace(function="tally_families", auto_approve="")
    with monkeypatch.context() as patch:
        patch.setattr(halt, "bring_state_up_to_date", lambda _: None)  # as the apply does
        halt.run(UnderTest.of(root), asked)
    try:
        assert "0 added, 0 changed, 0 destroyed" in root.apply(auto_approve=True)
        assert root.outputs()["halted"] == {"tally_families": "parameter"}
        capsys.readouterr()
        halt.run(UnderTest.of(root), asked)
        assert capsys.readouterr().out == "tally_families is halted already\n"
        with pytest.raises(ClientError, match="TooManyRequestsException"):
            aws("lambda").invoke(FunctionName=outputs["functions"]["tally_families"], Payload=b"{}")
        tell(family, 3)
        url, names = outputs["queues"]["tally_families"], ["ApproximateNumberOfMessages"]
        found = aws("sqs").get_queue_attributes
        poll(
            lambda: int(found(QueueUrl=url, AttributeNames=names)["Attributes"][names[0]]) >= 3 or None,
            "the messages in the queue",
        )
        assert tallies(f"family#{family}") == 0
    finally:
        resume.run(UnderTest.of(root), asked)
    tallies.becomes(f"family#{family}", 3)
    assert root.outputs()["halted"] == {}
    capsys.readouterr()
    resume.run(UnderTest.of(root), asked)
    assert capsys.readouterr().out == "tally_families is not halted\n"


def test_records_of_the_stream_wait(
    switch: StopSwitch, api: Api, make_report: Make, know: Callable[[str], str], tallies: Any, family: str
) -> None:
    report = make_report(family=know(family))
    tallies.becomes(f"family#{family}", 1)
    with halted(switch, "announce_dragon"):
        api.accepted(report)
        assert switch.runs_nothing("announce_dragon")
        assert tallies(f"family#{family}") == 1
    tallies.becomes(f"family#{family}", 2)


def test_callers_of_the_rest_api_are_told_to_come_again(switch: StopSwitch, api: Api) -> None:
    with halted(switch, "list_dragons"):
        refused = api.get("/dragons?limit=1")
        assert refused.status_code == 429
        assert refused.json() == {"message": "Too many requests: try again later", "errors": []}
    assert api.get("/dragons?limit=1").status_code == 200


def test_a_reservation_is_taken_back(switch: StopSwitch, outputs: dict[str, Any], aws: Aws) -> None:
    functions, arn = aws("lambda"), outputs["functions"]["pre_sign_up"].rpartition(":")[0]
    functions.put_function_concurrency(FunctionName=arn, ReservedConcurrentExecutions=7)
    try:
        with halted(switch, "pre_sign_up"):
            assert functions.get_function_concurrency(FunctionName=arn)["ReservedConcurrentExecutions"] == 0
        assert functions.get_function_concurrency(FunctionName=arn)["ReservedConcurrentExecutions"] == 7
    finally:
        functions.delete_function_concurrency(FunctionName=arn)
