"""The stop switch: what is done in which order, what is taken back, and that what was killed is finished."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tasks import halt, resume
from tasks.environment.environment import NEEDED, Environment
from tasks.environment.terraform import Root
from tasks.processes.steps import StepError
from tasks.stopping import around
from tasks.stopping.parameters import HaltedParameters
from tasks.stopping.switch import StopSwitch
from unit.tasks.fake_environment import ParameterNotFound

ARN = "arn:aws:lambda:us-east-1:000000000000:function:dragons-unit-"
FUNCTIONS = {name: f"{ARN}{name}:live" for name in ("list_dragons", "tally_families")}
NAME = "/dragons/unit/halted/tally_families"


class Killed(BaseException):
    """The process is gone."""


class FakeAws:
    """Lambda and SSM, as far as the switch uses them; `done` has the changes, and some may be the last."""

    class exceptions:  # noqa: N801 - as on a client
        """The client's own errors."""

        ParameterNotFound = ParameterNotFound

    def __init__(self) -> None:
        self.done: list[str] = []
        self.kill_after = 100
        self.parameters: dict[str, str] = {}
        self.reserved: dict[str, int] = {}
        self.provisioned: dict[str, int] = {}
        self.mappings = {"queue": "Enabled", "off": "Disabled"}

    def _do(self, what: str) -> None:
        if len(self.done) == self.kill_after:
            raise Killed
        self.done.append(what)

    def state(self) -> tuple[Any, ...]:
        """All that there is."""
        self._settle()
        return dict(self.parameters), dict(self.reserved), dict(self.provisioned), dict(self.mappings)

    def _settle(self) -> None:
        settled = {"Enabling": "Enabled", "Disabling": "Disabled"}
        self.mappings = {name: settled.get(state, state) for name, state in self.mappings.items()}

    def get_parameter(self, Name: str) -> dict[str, Any]:
        if Name not in self.parameters:
            raise ParameterNotFound({}, "GetParameter")
        return {"Parameter": {"Value": self.parameters[Name]}}

    def put_parameter(self, Name: str, Value: str, Type: str, Overwrite: bool) -> None:
        assert (Type, Overwrite) == ("String", True)
        self._do("parameter")
        self.parameters[Name] = Value

    def delete_parameters(self, Names: list[str]) -> None:
        self._do("no parameter")
        for name in Names:
            self.parameters.pop(name, None)

    def get_function_concurrency(self, FunctionName: str) -> dict[str, int]:
        found = self.reserved.get(FunctionName)
        return {} if found is None else {"ReservedConcurrentExecutions": found}

    def put_function_concurrency(self, FunctionName: str, ReservedConcurrentExecutions: int) -> None:
        assert sum(self.provisioned.values()) <= ReservedConcurrentExecutions, "Lambda refuses that"
        self._do(f"reserved {ReservedConcurrentExecutions}")
        self.reserved[FunctionName] = ReservedConcurrentExecutions

    def delete_function_concurrency(self, FunctionName: str) -> None:
        self._do("reserved none")
        self.reserved.pop(FunctionName, None)

    def put_provisioned_concurrency_config(
        self,
        FunctionName: str,
        Qualifier: str,
        ProvisionedConcurrentExecutions: int,
    ) -> None:
        self._do(f"provisioned {ProvisionedConcurrentExecutions}")
        self.provisioned[Qualifier] = ProvisionedConcurrentExecutions

    def delete_provisioned_concurrency_config(self, FunctionName: str, Qualifier: str) -> None:
        self._do("provisioned none")
        del self.provisioned[Qualifier]

    def get_paginator(self, operation: str) -> Any:
        pages: Callable[..., Iterator[Any]] = {
            "list_event_source_mappings": self._mappings,
            "list_provisioned_concurrency_configs": self._configs,
        }[operation]
        return type("Paginator", (), {"paginate": staticmethod(pages)})

    def _configs(self, FunctionName: str) -> Iterator[Any]:
        for name, number in self.provisioned.items():
            one = {
                "FunctionArn": f"{FunctionName}:{name}",
                "RequestedProvisionedConcurrentExecutions": number,
            }
            yield {"ProvisionedConcurrencyConfigs": [one]}

    def _mappings(self, FunctionName: str) -> Iterator[Any]:
        mappings = self.mappings if FunctionName == FUNCTIONS["tally_families"] else {}
        yield {"EventSourceMappings": [{"UUID": name, "State": state} for name, state in mappings.items()]}
        self._settle()

    def update_event_source_mapping(self, UUID: str, Enabled: bool) -> None:
        assert self.mappings[UUID] in ("Enabled", "Disabled"), "Lambda refuses that"
        self._do(f"{UUID} {'on' if Enabled else 'off'}")
        self.mappings[UUID] = "Enabling" if Enabled else "Disabling"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> FakeAws:
    monkeypatch.setattr("tasks.stopping.switch._POLL_SECONDS", 0)
    return FakeAws()


@pytest.fixture
def switch(aws: FakeAws) -> StopSwitch:
    client: Any = aws
    return StopSwitch(client, HaltedParameters(client, "/dragons/unit"), FUNCTIONS)


def test_a_halt_is_noted_before_it_is_so_and_a_resumption_after(switch: StopSwitch, aws: FakeAws) -> None:
    before = aws.state()
    switch.halt("tally_families")
    assert aws.done == ["parameter", "reserved 0", "queue off"]
    assert switch.is_noted("tally_families")
    assert switch.runs_nothing("tally_families")
    aws.done.clear()
    switch.resume("tally_families")
    assert aws.done == ["reserved none", "queue on", "no parameter"]
    assert aws.state() == before


def test_what_was_reserved_and_provisioned_comes_back(switch: StopSwitch, aws: FakeAws) -> None:
    aws.reserved[f"{ARN}tally_families"] = 5
    aws.provisioned["live"] = 2
    before = aws.state()
    switch.halt("tally_families")
    assert aws.done == ["parameter", "provisioned none", "reserved 0", "queue off"]
    assert switch.resume("tally_families").reserved == 5
    assert aws.state() == before


@pytest.mark.parametrize("survived", range(5))
def test_what_is_killed_is_finished_by_the_next_run(switch: StopSwitch, aws: FakeAws, survived: int) -> None:
    aws.reserved[f"{ARN}tally_families"] = 5
    aws.provisioned["live"] = 2
    before = aws.state()
    for action in (switch.halt, switch.resume):
        aws.done.clear()
        aws.kill_after = survived
        try:
            action("tally_families")
        except Killed:
            aws.kill_after = 100
            action("tally_families")
        if action == switch.halt:
            assert switch.runs_nothing("tally_families")
    assert aws.state() == before


def test_a_function_is_let_go_on_from_a_halt_that_was_killed(switch: StopSwitch, aws: FakeAws) -> None:
    before, aws.kill_after = aws.state(), 2
    with pytest.raises(Killed):
        switch.halt("tally_families")
    aws.kill_after = 100
    switch.resume("tally_families")
    assert aws.state() == before


def test_a_parameter_that_is_none_of_ours_is_refused(switch: StopSwitch, aws: FakeAws) -> None:
    aws.parameters[NAME] = "yes"
    with pytest.raises(StepError, match=f"{NAME}: 'yes' is not what `make halt` writes"):
        switch.resume("tally_families")


@pytest.fixture
def targets(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the targets see of an environment on AWS; `input` answers yes, unless it is changed."""
    outputs: dict[str, Any] = dict.fromkeys(NEEDED, "x")
    outputs |= {"parameter_path": "/dragons/unit", "functions": FUNCTIONS, "halted": {}}
    monkeypatch.setattr(Environment, "enter_tools", lambda _: None)
    monkeypatch.setattr(Environment, "outputs", lambda _: outputs)
    monkeypatch.setattr(Environment, "client", lambda *_: aws)
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    refreshed: Callable[..., None] = lambda _, name="": aws.done.append(f"state {name}".strip())  # noqa: E731
    for module in (halt, resume):
        monkeypatch.setattr(module, "bring_state_up_to_date", refreshed)
    return outputs


def run(target: Any, name: str = "tally_families", approved: str = "") -> None:
    target.run(Environment("dev"), Namespace(function=name, auto_approve=approved))


@pytest.mark.usefixtures("targets")
def test_the_targets_say_what_is_so_already(aws: FakeAws, capsys: pytest.CaptureFixture[str]) -> None:
    run(resume)
    run(halt)
    run(halt)
    assert aws.done == ["parameter", "reserved 0", "queue off", "state"]
    run(resume)
    assert capsys.readouterr().out.splitlines() == [
        "tally_families is not halted",
        "tally_families is halted: callers get 429, queues and streams wait; `make resume` lets it go on",
        "tally_families is halted already",
        "tally_families goes on, with what waited for it; its reserved concurrency is what it was: none",
    ]


@pytest.mark.usefixtures("targets")
def test_terraform_takes_over_what_is_provisioned_again(aws: FakeAws) -> None:
    aws.provisioned["live"] = 2
    run(halt)
    assert not aws.provisioned
    run(resume)
    assert aws.provisioned == {"live": 2}
    assert [each for each in aws.done if each.startswith("state")] == ["state", "state tally_families"]


@pytest.mark.parametrize("target", [halt, resume])
@pytest.mark.parametrize(
    ("name", "said"), [("", "FUNCTION=<name> is missing"), ("count", "FUNCTION=count is")]
)
@pytest.mark.usefixtures("targets")
def test_a_function_that_is_none_is_refused(aws: FakeAws, target: Any, name: str, said: str) -> None:
    with pytest.raises(StepError, match=said) as refused:
        run(target, name)
    assert refused.value.remedy == "choose one of list_dragons, tally_families"
    assert not aws.done


def test_nothing_is_changed_on_aws_unless_somebody_says_yes(
    aws: FakeAws, targets: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: "no")
    with pytest.raises(StepError, match="nothing was halted"):
        run(halt)
    assert not aws.done
    run(halt, approved="yes")
    aws.done.clear()
    with pytest.raises(StepError, match="it stays halted"):
        run(resume)
    with pytest.raises(StepError, match="AUTO_APPROVE=y is not valid"):
        run(resume, approved="y")
    assert not aws.done
    targets["halted"] = {"tally_families": "parameter"}
    run(resume, approved="yes")
    assert not aws.parameters


def test_what_the_environments_values_halt_no_command_lets_go_on(
    aws: FakeAws, targets: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    targets["halted"] = {"tally_families": "input"}
    aws.reserved[f"{ARN}tally_families"] = 0
    aws.mappings = {"queue": "Disabled"}
    run(halt)
    assert capsys.readouterr().out == "tally_families is halted already\n"
    with pytest.raises(StepError, match="tally_families is halted by the input `halted`") as refused:
        run(resume)
    assert refused.value.remedy == (
        "take it out there, in terraform/environments/dev/settings.tf, and `make apply ENV=dev`"
    )
    assert not aws.done


@pytest.mark.parametrize(
    ("provisioned", "due"),
    [
        ("", ["build", "init", "refresh"]),
        (
            "list_dragons",
            [
                "build",
                "init",
                "module.dragons.module.list_dragons.aws_lambda_provisioned_concurrency_config.live[0]"
                " = dragons-unit-list_dragons,live",
                "refresh",
            ],
        ),
    ],
)
def test_terraforms_state_is_brought_up_to_date(
    monkeypatch: pytest.MonkeyPatch, provisioned: str, due: list[str]
) -> None:
    done: list[str] = []
    monkeypatch.setattr(around, "build", lambda: done.append("build"))
    monkeypatch.setattr(Root, "init", lambda _: done.append("init"))
    monkeypatch.setattr(Environment, "outputs", lambda _: {"functions": FUNCTIONS})
    monkeypatch.setattr(Root, "refresh", lambda _: done.append("refresh"))
    monkeypatch.setattr(
        Root, "take_over", lambda _, address, identity: done.append(f"{address} = {identity}")
    )
    around.bring_state_up_to_date(Environment("dev"), provisioned)
    assert done == due
