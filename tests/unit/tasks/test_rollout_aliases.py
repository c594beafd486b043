"""Aliases move all or none, whatever fails in between; the parameters then say what they said before."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.rollout.moves import ReleaseError
from unit.tasks.fake_environment import PARTS, FakeEnvironment
from unit.tasks.fake_lambda import ARN
from unit.tasks.fake_step_functions import MACHINE_ARN


def with_two_releases() -> FakeEnvironment:
    environment = FakeEnvironment()
    environment.apply(*PARTS)
    return environment


@given(st.sampled_from(["promote", "rollback"]), st.integers(0, 2 * len(PARTS) - 1), st.booleans())
def test_a_move_that_fails_midway_puts_back_those_before_it(action: str, at: int, lost: bool) -> None:
    environment = with_two_releases()
    if action == "promote":
        environment.run("rollback")
    before, parameters = environment.state(), environment.ssm.values
    updates = environment.updates
    (updates.lost if lost else updates.fails).add(updates.made + at)
    with pytest.raises(ReleaseError, match="failed, every alias is back where it was"):
        environment.run(action)
    assert environment.state() == before
    assert environment.ssm.values == parameters
    assert environment.changes() == {}


@pytest.mark.parametrize("at", [3, 2 * len(PARTS) - 1])
def test_an_interruption_puts_back_what_was_moved(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    environment = with_two_releases()
    before = environment.state()
    update, update_machine = (
        environment.functions.update_alias,
        environment.machines.update_state_machine_alias,
    )

    def interrupt() -> None:
        if environment.updates.made == at:
            monkeypatch.undo()
            raise KeyboardInterrupt

    def interrupted(**request: str) -> None:
        interrupt()
        update(**request)

    def interrupted_machine(**request: Any) -> None:
        interrupt()
        update_machine(**request)

    monkeypatch.setattr(environment.functions, "update_alias", interrupted)
    monkeypatch.setattr(environment.machines, "update_state_machine_alias", interrupted_machine)
    with pytest.raises(ReleaseError, match="every alias is back where it was: interrupted"):
        environment.run("rollback")
    assert environment.state() == before
    assert environment.pins == {}


def test_what_cannot_be_put_back_is_named() -> None:
    environment = with_two_releases()
    environment.updates.fails = {3, 4}  # the fourth move, and the first attempt to put one back
    with pytest.raises(ReleaseError, match=r"could not be put back: validate_dragon: canary was on 2$"):
        environment.run("rollback")
    assert environment.at("live") == dict.fromkeys(PARTS, 2)


def test_a_machine_that_cannot_be_put_back_is_named() -> None:
    environment = with_two_releases()
    environment.updates.fails = {7, 8}
    words = r"could not be put back: state_machines/list_dragons: canary was on 2$"
    with pytest.raises(ReleaseError, match=words):
        environment.run("rollback")


def test_a_move_made_by_somebody_else_meanwhile_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = with_two_releases()
    environment.apply(*PARTS)
    fake, update = environment.functions, environment.functions.update_alias

    def contended(**request: str) -> None:
        if environment.updates.made == 1:
            fake.point(ARN.format("list_dragons"), "live", "1")
        update(**request)

    monkeypatch.setattr(fake, "update_alias", contended)
    with pytest.raises(ReleaseError, match=r"put back: list_dragons: live was on 3$"):
        environment.run("rollback")
    assert environment.at("live") == dict.fromkeys(PARTS, 3) | {"list_dragons": 1}
    assert environment.at("canary") == dict.fromkeys(PARTS, 3)


def test_a_machine_that_somebody_else_moves_meanwhile_is_not_overwritten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environment = with_two_releases()
    environment.apply(*PARTS)
    update = environment.functions.update_alias

    def contended(**request: str) -> None:
        environment.machines.point(MACHINE_ARN.format("list_dragons"), "live", "1")
        update(**request)

    monkeypatch.setattr(environment.functions, "update_alias", contended)
    words = r"moved it meanwhile. These could not be put back: state_machines/list_dragons: live was on 3$"
    with pytest.raises(ReleaseError, match=words):
        environment.run("rollback")
    moved = {"state_machines/list_dragons": 1}
    assert environment.at("live") == dict.fromkeys(PARTS, 3) | moved
    assert environment.at("canary") == dict.fromkeys(PARTS, 3)
