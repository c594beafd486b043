"""Lockouts grow with each failure, and are forgotten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.cognito_idp.errors import CognitoError
from localcloud.cognito_idp.passwords import FREE_FAILURES, LONGEST_SECONDS, Lockouts


class Clock:
    """A clock that is set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def lockout_after(failures: int) -> int:
    """How long nobody gets in after so many failures, each tried as soon as it may be; whole seconds."""
    clock = Clock()
    lockouts = Lockouts(clock)
    for _ in range(failures):
        while is_locked(lockouts, right=False):
            clock.now += 1
    start = clock.now
    while is_locked(lockouts, right=True):
        clock.now += 1
    return int(clock.now - start)


def is_locked(lockouts: Lockouts, *, right: bool, who: str = "ann") -> bool:
    try:
        lockouts.count(who, right=right)
    except CognitoError as error:
        return (error.code, error.message) == ("NotAuthorizedException", "Password attempts exceeded")
    return False


@given(st.integers(0, 17))
def test_a_lockout_is_twice_as_long_as_the_one_before_up_to_fifteen_minutes(failures: int) -> None:
    expected = 0 if failures < FREE_FAILURES else min(2 ** (failures - FREE_FAILURES), LONGEST_SECONDS)
    assert lockout_after(failures) == expected


@pytest.mark.parametrize("failures", [FREE_FAILURES, 40])
def test_fifteen_minutes_without_an_attempt_forget_everything(failures: int) -> None:
    clock = Clock()
    lockouts = Lockouts(clock)
    for _ in range(failures):
        is_locked(lockouts, right=False)
    clock.now += LONGEST_SECONDS
    assert not is_locked(lockouts, right=False)
    assert not is_locked(lockouts, right=True)


def test_a_right_attempt_forgets_and_somebody_else_is_not_locked_out() -> None:
    lockouts = Lockouts(Clock())
    for right in [False] * 4 + [True] + [False] * 4:
        assert not is_locked(lockouts, right=right)
    is_locked(lockouts, right=False)
    assert is_locked(lockouts, right=True)
    assert not is_locked(lockouts, right=True, who="bob")
