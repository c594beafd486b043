"""Names of executions, as the API's reference allows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from localstack.aws.api.stepfunctions import InvalidName

from localcloud_plugin.stepfunctions.executions import MAX_NAME_LENGTH, check_execution_name


@given(st.from_regex(r"[A-Za-z0-9_.!@()+='-]{1,80}", fullmatch=True))
def test_plain_names_pass(name: str) -> None:
    check_execution_name(name)


def test_no_name_passes() -> None:
    check_execution_name(None)


@pytest.mark.parametrize(
    "character", [*' <>{}[]?*"#%\\^|~`$&,;:/\n\x00\x7f\x85', "\u3000", "\ud800", "\uffff"]
)
def test_forbidden_characters_are_refused(character: str) -> None:
    with pytest.raises(InvalidName):
        check_execution_name(f"a{character}b")


@pytest.mark.parametrize("name", ["", "x" * (MAX_NAME_LENGTH + 1)])
def test_lengths_beyond_1_to_80_are_refused(name: str) -> None:
    with pytest.raises(InvalidName):
        check_execution_name(name)
