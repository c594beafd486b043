"""Locks are read strictly, and compared by what they lock."""

from pathlib import Path

import pytest

from packager.errors import BuildError
from packager.lock import Lock, read_lock

A = "a" * 64
B = "b" * 64


def read(folder: Path, text: str) -> Lock:
    path = folder / "requirements.txt"
    path.write_text(text, encoding="utf-8")
    return read_lock(str(path), "layers/x/requirements.txt")


def test_what_uv_writes(tmp_path: Path) -> None:
    lock = read(
        tmp_path,
        f"# compiled\nPy_Thing.x[extra]==1.0.post1 \\\n    --hash=sha256:{A} \\\n"
        f"    --hash=sha256:{B}\n    # via -r other.in\n\nsix==1.17.0 --hash=sha256:{B}\n",
    )
    assert [(r.name, r.version, r.hashes) for r in lock.requirements] == [
        ("py-thing-x", "1.0.post1", frozenset({A, B})),
        ("six", "1.17.0", frozenset({B})),
    ]


def test_layout_order_and_comments_do_not_change_the_digest(tmp_path: Path) -> None:
    first = read(tmp_path, f"a==1 --hash=sha256:{A} --hash=sha256:{B}\nb==2 --hash=sha256:{B}\n")
    second = read(
        tmp_path,
        f"# new\nB==2 \\\n  --hash=sha256:{B}\r\na==1 --hash=sha256:{B} --hash=sha256:{A}  # via c",
    )
    assert first.digest == second.digest


@pytest.mark.parametrize(
    "text", [f"a==2 --hash=sha256:{A}", f"b==1 --hash=sha256:{A}", f"a==1 --hash=sha256:{B}"]
)
def test_what_is_locked_changes_the_digest(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, f"a==1 --hash=sha256:{A}").digest != read(tmp_path, text).digest


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("six", "'six' is not pinned with =="),
        (f"six>=1 --hash=sha256:{A}", "'six>=1' is not pinned with =="),
        (f"six==1.* --hash=sha256:{A}", "'six==1.*' is not pinned with =="),
        (f"six @ https://example.org/six.whl --hash=sha256:{A}", "is not pinned with =="),
        ("six==1.17.0", "six==1.17.0 has no sha256 hash"),
        (f"six==1.17.0 --hash=md5:{A}", "six==1.17.0 has no sha256 hash"),
        (f"six==1.17.0 --hash=sha256:{A[1:]}", "six==1.17.0 has no sha256 hash"),
        (f"six==1 ; python_version<'3.12' --hash=sha256:{A}", "depends on the platform"),
        ("-r other.txt", "the option -r has no place in a lock"),
        ("--extra-index-url=https://example.org", "the option --extra-index-url has no place"),
    ],
)
def test_a_line_that_locks_nothing(tmp_path: Path, line: str, problem: str) -> None:
    with pytest.raises(BuildError) as caught:
        read(tmp_path, f"\nfine==1 \\\n  --hash=sha256:{A}\n{line}\n")
    [message] = caught.value.problems
    assert message.startswith("layers/x/requirements.txt:4: ")
    assert problem in message
    assert "uv pip compile --generate-hashes" in message


def test_every_bad_line_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildError) as caught:
        read(tmp_path, f"six\na==1\na==1 --hash=sha256:{A}\nA==2 --hash=sha256:{A}")
    numbers = [problem.split(":")[1] for problem in caught.value.problems]
    assert numbers == ["1", "2", "4"]
    assert "a is locked twice" in caught.value.problems[2]


def test_a_lock_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    path.write_bytes(b"\xff")
    with pytest.raises(BuildError, match=r"x/requirements.txt: not UTF-8 text"):
        read_lock(str(path), "x/requirements.txt")
