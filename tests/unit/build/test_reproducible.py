"""Any tree packs to the same bytes everywhere, and unpacks to what it was."""

import hashlib
import os
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from packager.archive import write_archive
from packager.artifact import Artifact, Target
from packager.build_stamps import BuildStamps
from packager.entry import merge, stored
from packager.exclude import EXCLUDE, Excluded
from packager.inputs import read_inputs
from packager.left_behind import is_left_behind
from packager.source_tree import SourceTree, read_source
from unit.build.repository import HANDLER, Repository

type File = tuple[bytes, bool]
type Tree = dict[str, "File | Tree"]

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=12).filter(
    lambda name: not name.startswith(".") and not is_left_behind(name) and name != EXCLUDE
)
FILES = st.tuples(st.binary(max_size=64), st.booleans())
TREES: st.SearchStrategy[Tree] = st.dictionaries(
    NAMES,
    st.recursive(FILES, lambda inner: st.dictionaries(NAMES, inner, min_size=1, max_size=3), max_leaves=6),
    max_size=4,
)
TARGET = Target("3.13", "x86_64")


def flat(tree: Tree, prefix: str = "") -> dict[str, File]:
    files: dict[str, File] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            files |= flat(value, f"{prefix}{name}/")
        else:
            files[prefix + name] = value
    return files


def write(folder: Path, files: dict[str, File]) -> None:
    for path, (content, executable) in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        if executable:
            file.chmod(file.stat().st_mode | 0o100)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@settings(max_examples=50)
@given(TREES)
def test_a_tree_unpacks_to_what_was_packed(tree: Tree) -> None:
    files = flat(tree)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "tree")
        folder.mkdir()
        write(folder, files)
        path = Path(temporary, "tree.zip")
        files_found = SourceTree(temporary, "tree", "tree").files(BuildStamps(temporary), Excluded([]))
        entries = [
            stored(file.place, read_source(temporary, file), file.executable, "") for file in files_found
        ]
        write_archive(str(path), merge(entries), "tree")
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            unpacked = {
                info.filename: (archive.read(info), info.external_attr >> 16) for info in archive.infolist()
            }
            assert archive.namelist() == sorted(archive.namelist())
    assert unpacked == {
        f"tree/{path}": (content, stat.S_IFREG | (0o755 if executable else 0o644))
        for path, (content, executable) in files.items()
    }


def digest_of(files: dict[str, File]) -> str:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "functions", "any_name")
        write(folder, {"handler.py": (HANDLER.encode(), False)})
        write(folder, {f"inner/{path}": file for path, file in files.items()})
        inputs = read_inputs(temporary, Artifact("functions", "any_name"), BuildStamps(temporary))
        return inputs.digest(TARGET, [True], [])


@settings(max_examples=50)
@given(TREES, TREES, st.data())
def test_the_digest_changes_exactly_when_a_file_does(tree: Tree, other: Tree, data: st.DataObject) -> None:
    files = flat(tree)
    assume(files)
    path = data.draw(st.sampled_from(sorted(files)))
    content, executable = files[path]
    changed = [
        {**files, path: (content + b"x", executable)},
        {**files, path: (content, not executable)},
        {p: file for p, file in files.items() if p != path},
        {(f"moved to a new folder/{p}" if p == path else p): file for p, file in files.items()},
        flat(other),
    ]
    digest = digest_of(files)
    assert digest_of(dict(reversed(files.items()))) == digest
    variant = data.draw(st.sampled_from(changed))
    assert (digest_of(variant) == digest) == (variant == files)


def build_in(folder: Path, files: dict[str, File], mask: int, mtime: int) -> tuple[str, list[str]]:
    """Build a function and a layer in conditions of their own; gives the manifest and the zips' sha256."""
    with umask(mask):
        repository = Repository(folder)
        line = repository.add_wheel("tiny", "1.0", {"tiny.py": "X = 1\n"})
        repository.add_function("any_name", requirements=line)
        repository.write("layers/shared/requirements.txt", line)
        write(repository.root / "functions/any_name/inner", files)
        for path in repository.root.rglob("*"):
            os.utime(path, (mtime, mtime))
        assert repository.build() == 0
    zips = sorted((repository.root / "dist").rglob("*.zip"))
    return repository.manifest_text, [hashlib.sha256(path.read_bytes()).hexdigest() for path in zips]


def test_the_place_the_clock_and_the_umask_do_not_matter(tmp_path: Path) -> None:
    files = {"deep/er/a b.txt": (b"x" * 9000, False), "żółw": (b"", False), "run": (b"#!", True)}
    first = build_in(tmp_path / "here", files, 0o022, 1_000_000_000)
    second = build_in(tmp_path / "there" / "deeper", dict(reversed(files.items())), 0o077, 1_700_000_000)
    assert first == second
    assert len(first[1]) == 2
