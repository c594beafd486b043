"""Locks are read strictly, and compared by what they lock."""

import codecs
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.errors import BuildError, collecting
from packager.lock import Lock, Requirement, read_lock

A = "a" * 64
B = "b" * 64

NAMES = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)?", fullmatch=True)
VERSIONS = st.from_regex(r"([0-9]!)?[0-9]+(\.[0-9]+)?(rc1|\.post1|\+cpu)?", fullmatch=True)
HASHES = st.frozensets(st.from_regex("[0-9a-f]{64}", fullmatch=True), min_size=1, max_size=3)


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
    assert message.endswith("; name what you need in requirements.in and run `make lock LAYER=x`")


def test_every_bad_line_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildError) as caught:
        read(tmp_path, f"six\na==1\na==1 --hash=sha256:{A}\nA==2 --hash=sha256:{A}")
    numbers = [problem.split(":")[1] for problem in caught.value.problems]
    assert numbers == ["1", "2", "4"]
    assert "a is locked twice" in caught.value.problems[2]


def test_a_function_is_locked_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("six", encoding="utf-8")
    with pytest.raises(BuildError, match="run `make lock FUNCTION=list_dragons`"):
        read_lock(str(tmp_path / "requirements.txt"), "functions/list_dragons/requirements.txt")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xff", "not UTF-8 text"),
        ("six".encode("utf-16"), "UTF-16 text"),
        ("six".encode("utf-16-be"), "UTF-16 text"),
    ],
)
def test_a_lock_in_another_encoding(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "requirements.txt"
    path.write_bytes(content)
    with pytest.raises(BuildError, match=f"^layers/x/requirements.txt: {problem}; save it as UTF-8$"):
        read_lock(str(path), "layers/x/requirements.txt")


@st.composite
def layouts(draw: st.DrawFn) -> tuple[bytes, list[Requirement]]:
    """A lock as some tool and editor may lay it out, and what it locks."""
    end, space = draw(st.sampled_from(["\n", "\r\n"])), st.sampled_from([" ", "    ", "\t"])
    between = st.sampled_from([" ", "\t ", f" \\{end}", f"\\{end}    ", f" \\{end}  "])
    noise = st.lists(
        st.sampled_from(["", "   ", "# six==1", "    # via -r other.in", "  #   six"]), max_size=3
    )
    locked = draw(st.lists(st.builds(Requirement, NAMES, VERSIONS, HASHES), unique_by=lambda one: one.name))
    text = ""
    for each in locked:
        text += "".join(f"{line}{end}" for line in draw(noise))
        extras = draw(st.sampled_from(["", "[one]", "[one,two]", " [one, two]"]))
        text += f"{each.name}{extras}{draw(st.sampled_from(['==', ' == ']))}{each.version}"
        for digest in sorted(each.hashes):
            text += f"{draw(between)}--hash{draw(st.sampled_from(['=', ' ']))}sha256:{digest}"
        text += draw(st.sampled_from(["", f"{draw(space)}# via six==1"])) + end
    mark = draw(st.sampled_from([b"", codecs.BOM_UTF8]))
    return mark + text[: -len(end) if draw(st.booleans()) else None].encode(), locked


@given(layouts())
def test_any_layout_is_read_as_what_it_locks(layout: tuple[bytes, list[Requirement]]) -> None:
    content, locked = layout
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary, "requirements.txt")
        path.write_bytes(content)
        assert list(read_lock(str(path), "layers/x/requirements.txt").requirements) == locked


@given(st.binary() | st.text("six=<>!~;@[]#\\\r\n \t-:/.\ufeff09").map(str.encode))
def test_any_bytes_are_a_lock_or_have_their_errors(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary, "requirements.txt")
        path.write_bytes(content)
        problems: list[str] = []
        with collecting(problems):
            read_lock(str(path), "layers/x/requirements.txt")
        assert all(problem.startswith("layers/x/requirements.txt:") for problem in problems)
