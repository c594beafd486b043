"""A gradual shift: step by step as long as nothing fails, then taken back; and it can end anywhere."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.processes.steps import StepError
from tasks.rollout.gradual import GradualShift, Plan
from tasks.rollout.moves import ReleaseError
from tasks.rollout.version_metrics import Counted, VersionMetrics
from unit.tasks.fake_environment import FakeEnvironment, Killed
from unit.tasks.fake_lambda import ARN, NAMES

NAME = "list_dragons"
OLD, NEW = dict.fromkeys(NAMES, 1), dict.fromkeys(NAMES, 1) | {NAME: 2}

plans = st.builds(
    lambda steps, every: Plan((*sorted(steps), 100), every, 0),
    st.sets(st.integers(1, 99), max_size=4),
    st.integers(1, 20),
)


class World:
    """An environment whose function is held, with new code published, and a clock that waits move on."""

    def __init__(self, errors_at: float = float("inf")) -> None:
        self.environment = FakeEnvironment()
        self.environment.run("shift", NAME, 0)
        self.environment.functions.publish(NAME)
        self.seconds = 0.0
        self.errors_at = errors_at
        self.shares: list[float] = []
        self.meanwhile: Callable[[], Any] = lambda: None

    def shift(self, plan: Plan) -> None:
        GradualShift(
            NAME,
            2,
            lambda: self.environment.release(NAME),
            self.count,
            lambda: self.seconds,
            self.wait,
        ).run(plan)

    def count(self) -> Counted:
        return Counted(12, 3 if self.seconds >= self.errors_at else 0)

    def wait(self, seconds: float) -> None:
        assert 0 < seconds <= 5
        self.seconds += seconds
        self.meanwhile()
        assert self.environment.changes() == {}  # a plan in the middle of it
        assert self.environment.functions.at("live") == OLD
        share = self.environment.weights().get(NAME, {}).get("2", 0)
        if self.shares[-1:] != [share]:
            self.shares.append(share)


@given(plans)
def test_what_never_fails_serves_everybody_in_the_end(plan: Plan) -> None:
    world = World()
    world.shift(plan)
    assert world.shares == [percent / 100 for percent in plan.steps[:-1]]
    assert world.seconds == plan.every * (len(plan.steps) - 1)
    assert world.environment.functions.at("live") == world.environment.functions.at("canary") == NEW
    assert world.environment.ssm.below("shifts") == world.environment.ssm.below("pins") == {}
    assert world.environment.changes() == {}


@given(plans, st.floats(0, 80))
def test_what_fails_is_taken_back_within_seconds(plan: Plan, errors_at: float) -> None:
    world, watched = World(errors_at), plan.every * (len(plan.steps) - 1)
    if errors_at > watched or watched == 0:
        world.shift(plan)
        assert world.environment.functions.at("live") == NEW
        return
    with pytest.raises(
        StepError, match=rf"^{NAME}: taken back at \d+ %, since version 2 failed 3 of 12 calls$"
    ):
        world.shift(plan)
    assert world.seconds <= errors_at + 5
    assert world.environment.functions.at("live") == OLD
    assert world.environment.weights() == {}
    world.environment.apply()
    assert world.environment.functions.at("live") == OLD
    assert world.environment.changes() == {}


@given(plans, st.integers(0, 20), st.sampled_from(["shift", "promote", "rollback", "apply"]))
def test_a_shift_that_is_killed_is_understood_by_whatever_comes_next(
    plan: Plan, writes: int, then: str
) -> None:
    world = World()
    environment = world.environment
    environment.kill_in(writes)
    try:
        world.shift(plan)
        environment.kill_in(None)
        return
    except Killed:
        environment.kill_in(None)
    if then == "shift":
        if NAME not in environment.ssm.below(
            "shifts"
        ):  # killed in its last step: `make shift` holds it again
            environment.run("shift", NAME, 0)
        world.shift(plan)
    elif then == "apply":
        environment.apply()
    elif then == "rollback" and environment.ssm.below("shifts").get(NAME) == '{"held": "1", "percent": 0}':
        with pytest.raises(ReleaseError, match="nothing to roll back to"):  # nobody gets the new version yet
            environment.run(then)
        return
    else:
        environment.run(then)
    assert environment.changes() == {}
    live = environment.functions.at("live")
    if then in ("shift", "promote"):
        assert live == NEW
    elif then == "rollback":
        assert live == OLD
        assert environment.weights() == {}
        assert environment.ssm.below("pins") == {name: str(version) for name, version in OLD.items()}
    assert live in (OLD, NEW)


def test_one_that_was_stopped_goes_on_where_it_was() -> None:
    world = World()
    world.environment.run("shift", NAME, 50)
    world.shift(Plan((10, 50, 80, 100), 1, 0))
    assert world.shares == [0.5, 0.8]


def test_errors_are_tolerated_up_to_a_share() -> None:
    World(0).shift(Plan((10, 100), 1, 25))
    with pytest.raises(StepError, match="taken back at 10 %"):
        World(0).shift(Plan((10, 100), 1, 24.9))


def test_where_nothing_can_be_known_of_errors_it_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()

    def refused() -> Counted:
        raise PermissionError

    monkeypatch.setattr(world, "count", refused)
    with pytest.raises(PermissionError):
        world.shift(Plan((10, 100), 1, 0))
    assert world.environment.weights() == {}


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("promote", "nothing to shift"),
        ("rollback", "nothing is shifted: list_dragons is pinned at version 1"),
    ],
)
def test_one_that_somebody_ended_meanwhile_stops(action: str, told: str) -> None:
    world = World()
    plan = Plan((10, 100), 1, 0)

    def ended(_: float) -> None:
        world.environment.run(action)
        world.seconds = 9

    world.wait = ended  # type: ignore[assignment,method-assign]
    with pytest.raises(ReleaseError, match=told):
        world.shift(plan)
    assert world.environment.changes() == {}


def test_a_version_that_somebody_published_meanwhile_gets_nobody() -> None:
    world = World()
    world.meanwhile = lambda: world.environment.apply(NAME) if world.seconds == 5 else None
    with pytest.raises(StepError, match="taken back, since version 3 was published meanwhile"):
        world.shift(Plan((10, 50, 100), 5, 0))
    assert (world.environment.functions.at("live"), world.environment.weights()) == (OLD, {})


def test_what_is_refused_moves_nothing() -> None:
    environment = FakeEnvironment()
    with pytest.raises(ReleaseError, match="nothing to shift: list_dragons serves version 1, its newest"):
        environment.run("shift", NAME, 10)
    environment.run("canary", 10)
    environment.apply(NAME)
    with pytest.raises(ReleaseError, match="nothing is shifted: list_dragons is pinned at version 1"):
        environment.run("shift", NAME, 10)
    environment.ssm.delete_parameters([f"/dragons/unit/pins/{name}" for name in NAMES])
    with pytest.raises(ReleaseError, match="nothing is shifted: a canary is at work"):
        environment.run("shift", NAME, 10)


@pytest.mark.parametrize(
    "value", ["10", "{", '{"held": "1"}', '{"held": "x", "percent": 1}', '{"held": "1", "percent": 100}']
)
def test_a_parameter_that_is_no_shift_is_named(value: str) -> None:
    environment = FakeEnvironment()
    environment.ssm.put_parameter(f"/dragons/unit/shifts/{NAME}", value, "String", Overwrite=True)
    with pytest.raises(ReleaseError, match="/dragons/unit/shifts/list_dragons"):
        environment.release()


def test_a_plan_is_read() -> None:
    assert Plan.read("10,50,100", "60", "0") == Plan((10, 50, 100), 60, 0)
    assert Plan.read("100", "1.5", "2.5") == Plan((100,), 1.5, 2.5)


@pytest.mark.parametrize(
    "steps", ["", "10,50", "50,10,100", "10,10,100", "0,100", "10,100,101", "1.5,100", "a,100"]
)
def test_steps_that_are_none_are_refused(steps: str) -> None:
    with pytest.raises(StepError, match=rf"^STEPS={steps} must be whole percents that rise and end with 100"):
        Plan.read(steps, "60", "0")


@pytest.mark.parametrize(
    ("every", "errors"), [("0", "0"), ("x", "0"), ("nan", "0"), ("60", "-1"), ("60", "100")]
)
def test_numbers_out_of_range_are_refused(every: str, errors: str) -> None:
    with pytest.raises(StepError, match=r"^(EVERY|ERRORS)=\S+ must be a number from"):
        Plan.read("100", every, errors)


def test_the_versions_calls_are_those_behind_live() -> None:
    asked: list[dict[str, Any]] = []

    class CloudWatch:
        def get_metric_data(self, **request: Any) -> dict[str, Any]:
            asked.append(request)
            return {
                "MetricDataResults": [{"Id": "calls", "Values": [7.0, 5.0]}, {"Id": "errors", "Values": []}]
            }

    client: Any = CloudWatch()
    assert VersionMetrics(client, "dragons-unit-f", 2).read() == Counted(12, 0)
    [request] = asked
    assert request["StartTime"] < request["EndTime"]
    metrics = {each["Id"]: each["MetricStat"] for each in request["MetricDataQueries"]}
    assert {name: each["Metric"]["MetricName"] for name, each in metrics.items()} == {
        "calls": "Invocations",
        "errors": "Errors",
    }
    assert metrics["errors"]["Metric"]["Dimensions"] == [
        {"Name": "FunctionName", "Value": "dragons-unit-f"},
        {"Name": "Resource", "Value": "dragons-unit-f:live"},
        {"Name": "ExecutedVersion", "Value": "2"},
    ]


def test_an_alias_that_somebody_sends_elsewhere_is_brought_back() -> None:
    environment = FakeEnvironment()
    environment.apply(NAME)
    environment.functions.point(ARN.format(NAME), "live", "2", {"1": 0.5})
    assert environment.changes() != {}
    assert environment.run("promote")[0] == "list_dragons: live 2 with 50 % to 1 -> 2"
    assert environment.changes() == {}
