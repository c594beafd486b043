"""Whatever is applied, tried, promoted and rolled back, in whatever order, and wherever it is killed."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.rollout.moves import ReleaseError, served
from unit.tasks.fake_environment import PARTS, FakeEnvironment, Killed, Versions
from unit.tasks.fake_lambda import NAMES

Step = tuple[str, Any]

steps: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        st.tuples(st.just("apply"), st.lists(st.sampled_from(PARTS), unique=True)),
        st.tuples(st.just("canary"), st.sampled_from([0, 1, 12.5, 100])),
        st.tuples(st.sampled_from(["promote", "rollback"]), st.none()),
        st.tuples(st.just("shift"), st.tuples(st.sampled_from(NAMES), st.sampled_from([0, 10, 50, 100]))),
    ),
    max_size=20,
)


class NothingToDo(Exception):  # noqa: N818 - no fault of the model's
    """The model has nothing to promote, to roll back to or to shift."""


class Expected:
    """What should be live, told by whole releases: `releases` has what was live at the end of each."""

    def __init__(self) -> None:
        self.newest: Versions = dict.fromkeys(PARTS, 1)
        self.releases = [self.newest]
        self.pinned = False
        self.canary = False
        self.wanted = False
        self.applied = True
        self.shifts: dict[str, tuple[int, int]] = {}

    @property
    def held(self) -> Versions:
        return {name: version for name, (version, _) in self.shifts.items()}

    @property
    def live(self) -> Versions:
        return self.releases[-1]

    def apply(self, names: list[str]) -> None:
        self.canary, self.applied = self.wanted, True
        self.newest = {name: version + (name in names) for name, version in self.newest.items()}
        if names:
            self.releases.append(self.live if self.pinned else self.newest | self.held)

    def try_out(self, share: float) -> None:
        self.wanted, self.applied = share > 0, False
        self.pinned |= share > 0
        if share > 0:
            self.shifts = {}

    def shift(self, step: tuple[str, int]) -> None:
        name, percent = step
        if self.pinned or self.canary or self.wanted:
            raise NothingToDo
        held = self.held.get(name, self.live[name])
        if held == self.newest[name] and percent > 0 and not (percent == 100 and name in self.shifts):
            raise NothingToDo
        self.shifts |= {name: (held, percent)}
        if percent == 100:
            del self.shifts[name]
            self.releases[-1] = self.live | {name: self.newest[name]}

    def promote(self, _: None) -> None:
        if not (self.pinned or self.canary or self.wanted or self.shifts):
            raise NothingToDo
        self.pinned = self.canary = self.wanted = False
        self.applied = True
        self.shifts = {}
        self.releases[-1] = self.newest

    def rollback(self, _: None) -> None:
        shifting = any(percent > 0 for _, percent in self.shifts.values())
        if not self.wanted and not self.canary and not shifting:
            lower = [each for each in self.releases if sum(each.values()) < sum(self.live.values())]
            if not lower:
                raise NothingToDo
            self.releases[-1] = lower[-1]
        self.canary = self.wanted = False
        self.pinned = self.applied = True
        self.shifts = {}


def run(environment: FakeEnvironment, step: Step) -> None:
    action, argument = step
    if action == "apply":
        environment.apply(*argument)
    else:
        words = argument if isinstance(argument, tuple) else [] if argument is None else [argument]
        environment.run(action, *words)


def expect(expected: Expected, step: Step) -> None:
    action, argument = step
    getattr(expected, "try_out" if action == "canary" else action)(argument)


@given(steps)
def test_live_is_what_the_releases_say_and_a_plan_is_clean(steps: list[Step]) -> None:
    environment, expected = FakeEnvironment(), Expected()
    for step in steps:
        try:
            expect(expected, step)
        except NothingToDo:
            with pytest.raises(ReleaseError, match=r"nothing (to|is)"):
                run(environment, step)
        else:
            run(environment, step)
        assert environment.at("live") == expected.live
        assert environment.pins.keys() == (set(PARTS) if expected.pinned else set())
        weights = {
            name: {str(environment.newest[name]): percent / 100}
            for name, (_, percent) in expected.shifts.items()
            if percent > 0
        }
        if expected.applied:
            assert environment.changes() == {}
            assert environment.weights() == weights
        tried = environment.newest if expected.canary else expected.live
        assert environment.at("canary") == tried


@given(steps, st.sampled_from(["promote", "rollback"]), st.integers(0, 30))
def test_a_command_that_is_killed_is_finished_by_running_it_again(
    steps: list[Step], action: str, writes: int
) -> None:
    environment = with_steps(steps)
    whole = deepcopy_of(environment)
    try:
        whole.run(action)
    except ReleaseError:
        return
    environment.kill_in(writes)
    try:
        environment.run(action)
    except Killed:
        environment.kill_in(None)
        environment.run(action)
    assert environment.state() == whole.state()
    assert environment.ssm.values == whole.ssm.values
    assert environment.gateway.percent == whole.gateway.percent
    assert environment.changes() == {}


@given(steps, st.integers(1, 30))
def test_a_promotion_that_was_killed_can_be_rolled_back(steps: list[Step], writes: int) -> None:
    environment = with_steps(steps)
    live = environment.at("live")
    if live == environment.newest:
        return  # a rollback has every right to go further back
    environment.kill_in(writes)
    try:
        environment.run("promote")
    except Killed:
        environment.kill_in(None)
        sets = served(environment.release().system.parts)
        environment.run("rollback")
        after = environment.at("live")
        # Who had gone back several releases may come to a later one: no log says what the promotion moved.
        before = [versions for versions in sets if versions != environment.newest]
        assert after == live or (live != before[-1] and after in before)
        assert environment.pins == {name: str(version) for name, version in after.items()}
        assert environment.changes() == {}


def with_steps(steps: list[Step]) -> FakeEnvironment:
    """An environment after steps, those that do nothing left out, and applied at the end."""
    environment = FakeEnvironment()
    for step in [*steps, ("apply", [])]:
        try:
            run(environment, step)
        except ReleaseError:
            continue
    return environment


def deepcopy_of(environment: FakeEnvironment) -> FakeEnvironment:
    copied = FakeEnvironment()
    for part in ("functions", "machines", "ssm", "gateway"):
        vars(getattr(copied, part)).update(
            {
                name: deepcopy(value)
                for name, value in vars(getattr(environment, part)).items()
                if not callable(value)
            }
        )
    return copied
