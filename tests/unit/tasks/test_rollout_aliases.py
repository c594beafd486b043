"""Aliases move all or none, whatever fails in between; the parameters then say what they said before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.rollout.moves import ReleaseError
from unit.tasks.fake_environment import FakeEnvironment
from unit.tasks.fake_lambda import ARN, NAMES


def with_two_releases() -> FakeEnvironment:
    environment = FakeEnvironment()
    environment.apply(*NAMES)
    return environment


@given(st.sampled_from(["promote", "rollback"]), st.integers(0, 5), st.booleans())
def test_a_move_that_fails_midway_puts_back_those_before_it(action: str, at: int, lost: bool) -> None:
    environment = with_two_releases()
    if action == "promote":
        environment.run("rollback")
    fake, before = environment.functions, environment.functions.state()
    parameters = environment.ssm.values
    (fake.lost if lost else fake.fails).add(fake.updates + at)
    with pytest.raises(ReleaseError, match="failed, every alias is back where it was"):
        environment.run(action)
    assert fake.state() == before
    assert environment.ssm.values == parameters
    assert environment.changes() == {}


def test_an_interruption_puts_back_what_was_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = with_two_releases()
    fake = environment.functions
    before, update = fake.state(), fake.update_alias

    def interrupted(**request: str) -> None:
        if fake.updates == 3:
            monkeypatch.undo()
            raise KeyboardInterrupt
        update(**request)

    monkeypatch.setattr(fake, "update_alias", interrupted)
    with pytest.raises(ReleaseError, match="every alias is back where it was: interrupted"):
        environment.run("rollback")
    assert fake.state() == before
    assert environment.ssm.below("pins") == {}


def test_what_cannot_be_put_back_is_named() -> None:
    environment = with_two_releases()
    environment.functions.fails = {3, 4}  # the fourth move, and the first attempt to put one back
    with pytest.raises(ReleaseError, match=r"could not be put back: validate_dragon: canary was on 2$"):
        environment.run("rollback")
    assert environment.functions.at("live") == dict.fromkeys(NAMES, 2)


def test_a_move_made_by_somebody_else_meanwhile_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = with_two_releases()
    environment.apply(*NAMES)
    fake, update = environment.functions, environment.functions.update_alias

    def contended(**request: str) -> None:
        if fake.updates == 1:
            fake.point(ARN.format("list_dragons"), "live", "1")
        update(**request)

    monkeypatch.setattr(fake, "update_alias", contended)
    with pytest.raises(ReleaseError, match=r"put back: list_dragons: live was on 3$"):
        environment.run("rollback")
    assert fake.at("live") == dict.fromkeys(NAMES, 3) | {"list_dragons": 1}
    assert fake.at("canary") == dict.fromkeys(NAMES, 3)
