"""A lock that is not what requirements.in wants is told, and never ships in silence."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement as TheirRequirement

from packager.lock import Lock, Requirement
from packager.wanted import Wanted, read_wanted, unlocked
from unit.build.repository import Repository

IN = "functions/list_dragons/requirements.in"
Captured = pytest.CaptureFixture[str]

VERSIONS = st.lists(st.integers(0, 3).map(str), min_size=1, max_size=3).map(".".join)
BOUNDS = st.lists(
    st.tuples(st.sampled_from(["==", "<=", ">=", "<", ">"]), VERSIONS).map("".join), max_size=3
).map(",".join)


def lock(version: str) -> Lock:
    return Lock("functions/a/requirements.txt", (Requirement("six", version, frozenset("a")),))


@pytest.mark.parametrize(
    "text", ["six\n", "\ufeffSix\r\n", "# ours\nsix >= 1.17  # for fun\n", "six[extra] ~= 1.17", "six==1rc1"]
)
def test_what_is_wanted_and_not_locked(repository: Repository, capsys: Captured, text: str) -> None:
    repository.add_function("list_dragons")
    repository.write(IN, text)
    assert repository.build() == 1
    line = text.count("\n", 0, text.lower().index("six")) + 1
    assert capsys.readouterr().err == (
        f"error: {IN}:{line}: six is not locked; run `make lock FUNCTION=list_dragons`\n"
    )


def test_it_is_locked_by_any_spelling(repository: Repository) -> None:
    repository.add_function(
        "list_dragons", requirements=repository.add_wheel("big.lib", "2.0", {"big.py": ""})
    )
    repository.write(IN, "Big_Lib==2\n")
    assert repository.build() == 0


def test_another_version_than_the_locked_one(repository: Repository, capsys: Captured) -> None:
    repository.write("layers/shared/requirements.txt", repository.add_wheel("tiny", "1.0", {"tiny.py": ""}))
    repository.write("layers/shared/requirements.in", "tiny>=1.1,<2\n")
    assert repository.build() == 1
    assert capsys.readouterr().err == (
        "error: layers/shared/requirements.in:1: tiny>=1.1,<2 is locked as 1.0; "
        "run `make lock LAYER=shared`\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# none yet\n",
        "-r other.in\n-c limits.txt\n-e .\n--index-url https://example.org\n",
        "six; sys_platform == 'win32'\n",
        "git+https://example.org/six.git\n./six-1.0-py3-none-any.whl\nsix @ https://example.org/six.whl\n",
    ],
)
def test_what_is_uvs_business_alone(repository: Repository, text: str) -> None:
    repository.add_function("list_dragons")
    repository.write(IN, text)
    assert repository.build() == 0


@given(BOUNDS, VERSIONS)
def test_bounds_are_those_of_packaging(bounds: str, version: str) -> None:
    wanted = [Wanted("functions/a/requirements.in:1", "six", bounds)]
    assert (unlocked(wanted, lock(version)) == []) is TheirRequirement(f"six{bounds}").specifier.contains(
        version
    )


@given(
    st.sampled_from(["==1.*", "~=1.0", "!=1", "===1.0", "==1.0rc1", ""]),
    st.sampled_from(["1.0rc1", "9!1", "2"]),
)
def test_other_bounds_are_left_to_uv(bounds: str, version: str) -> None:
    assert unlocked([Wanted("functions/a/requirements.in:1", "six", bounds)], lock(version)) == []


@given(st.lists(st.tuples(st.from_regex(r"[A-Za-z]([A-Za-z0-9_.-]{0,5}[a-z0-9])?", fullmatch=True), BOUNDS)))
def test_plain_lines_are_all_read(lines: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary, "requirements.in")
        path.write_text("".join(f"{name}{bounds}\n" for name, bounds in lines), encoding="utf-8")
        found = read_wanted(str(path), "functions/a/requirements.in")
    assert [each.bounds for each in found] == [bounds for _, bounds in lines]
    assert [each.where for each in found] == [
        f"functions/a/requirements.in:{n + 1}" for n in range(len(lines))
    ]
