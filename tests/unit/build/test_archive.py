"""Zips: what is copied out of wheels as it is packed there comes out whole, whoever reads it."""

import io
import shutil
import subprocess
import sys
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.archive import read_archive, write_archive
from packager.entry import merge, stored
from packager.errors import BuildError

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\\\0:"), min_size=1, max_size=12).filter(
    lambda name: name not in (".", "..")
)
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
TREES = st.dictionaries(PATHS, st.tuples(st.binary(max_size=300), st.booleans()), max_size=8)
METHODS = st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])


class Pipe(io.RawIOBase):
    """What a zip is written to that cannot go back: its sizes then follow each file's data."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self.written += piece
        return len(piece)


def wheel(files: dict[str, tuple[bytes, bool]], method: int, streamed: bool) -> bytes:
    """A zip as others write them."""
    target = Pipe() if streamed else io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for path, (content, executable) in files.items():
            info = zipfile.ZipInfo(path, (2024, 5, 6, 7, 8, 10))
            info.external_attr = (0o100755 if executable else 0o100644) << 16
            archive.writestr(info, content, method)
        archive.comment = b"of theirs"
    return bytes(target.written) if isinstance(target, Pipe) else target.getvalue()


@settings(max_examples=60)
@given(TREES, METHODS, st.booleans())
def test_what_is_copied_is_whole(files: dict[str, tuple[bytes, bool]], method: int, streamed: bool) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        source, copy = Path(temporary, "a.whl"), Path(temporary, "copy.zip")
        source.write_bytes(wheel(files, method, streamed))
        entries, comment = read_archive(str(source))
        assert comment == b"of theirs"
        assert {entry.path: (entry.content, entry.executable) for entry in entries} == files
        write_archive(str(copy), merge(entries), "copy")
        with zipfile.ZipFile(copy) as archive:
            assert archive.testzip() is None
            assert {info.filename: archive.read(info) for info in archive.infolist()} == {
                path: content for path, (content, _) in files.items()
            }
            assert [info.filename for info in archive.infolist()] == sorted(files)
        again = [entry._replace(origin="a.whl") for entry in read_archive(str(copy))[0]]
        assert again == merge(entries)


@settings(max_examples=60)
@given(TREES.filter(bool), st.data())
def test_a_damaged_wheel_is_named_or_read(files: dict[str, tuple[bytes, bool]], data: st.DataObject) -> None:
    """Its hash is known before it is read: this is about errors that nobody could make sense of."""
    whole = wheel(files, zipfile.ZIP_DEFLATED, False)
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = data.draw(
        st.sampled_from([whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :], whole[at:]])
    )
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary, "damaged.whl")
        path.write_bytes(damaged)
        with suppress(BuildError):  # whose words are below
            read_archive(str(path))


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A zip of a file that was deflated by others and of one of ours."""
    source, path = tmp_path / "a.whl", tmp_path / "out.zip"
    source.write_bytes(wheel({"pack/__init__.py": (b"", False)}, zipfile.ZIP_DEFLATED, True))
    own = stored("pack/żółw a.py", b"X = 'found'\n", True, "ours")
    write_archive(str(path), merge([*read_archive(str(source))[0], own]), "out", b"a comment")
    return path


def test_pythons_importer_reads_it(mixed: Path) -> None:
    program = (
        f"import sys, importlib; sys.path[:0] = [{str(mixed)!r}]\n"
        "print(importlib.import_module('pack.żółw a').X)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "found\n"


@pytest.mark.skipif(shutil.which("unzip") is None, reason="unzip is not installed on this machine")
def test_unzip_reads_it(mixed: Path) -> None:
    done = subprocess.run(["unzip", "-t", mixed], capture_output=True, text=True, check=True)
    assert "No errors detected" in done.stdout


@pytest.mark.parametrize("content", [b"", b"text", b"PK\5\6" + bytes(18) + b"x" * 70_000])
def test_what_is_no_zip(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "no.whl"
    path.write_bytes(content)
    with pytest.raises(BuildError, match=r"no\.whl: damaged wheel"):
        read_archive(str(path))


def test_it_depends_on_no_build_of_zlib(tmp_path: Path) -> None:
    """Another zlib deflates to other bytes: what is ours is stored."""
    path = tmp_path / "out.zip"
    write_archive(str(path), [stored("a.txt", b"a" * 10_000, False, "a")], "out")
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo("a.txt").compress_type == zipfile.ZIP_STORED
