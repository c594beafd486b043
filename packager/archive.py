"""Reads and writes zips (PKWARE's APPNOTE.TXT, 6.3.10), without unpacking what is packed already.

`zipfile` can neither copy a deflated file from one zip to another nor leave out what differs from machine to
machine. What is written depends on the entries alone.
"""

import hashlib
import mmap
import os
import stat
import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

from packager.entry import DEFLATED, STORED, Entry
from packager.errors import BuildError, naming

# docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, "Deployment package"
ZIP_LIMIT = 50 * 1024 * 1024
UNZIPPED_LIMIT = 250 * 1024 * 1024

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\3\4", b"PK\1\2", b"PK\5\6"
_VERSION = 20  # deflate
_UNIX = 3 << 8
_ENCRYPTED, _UTF8 = 1 << 0, 1 << 11
_TIME, _DATE = 0, 1 << 5 | 1  # 1980-01-01, the first that a zip can hold
_LARGEST = 10


class Archive(NamedTuple):
    """A zip that was written.

    Attributes:
        sha256: Of the file, in hex.
        zip_size: Bytes of the file.
        unzipped_size: Bytes of its entries' contents.
    """

    sha256: str
    zip_size: int
    unzipped_size: int


def write_archive(path: str, entries: list[Entry], label: str, comment: bytes = b"") -> Archive:
    """Write `entries`, which are sorted, to a new zip at `path`.

    Raises:
        BuildError: The zip exceeds what Lambda takes.
    """
    unzipped_size = sum(entry.size for entry in entries)
    require_below(UNZIPPED_LIMIT, unzipped_size, "unzipped", label, entries)
    packed = b"".join(_pack(entries, comment))
    require_below(ZIP_LIMIT, len(packed), "zipped", label, entries)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with naming(path), open(path, "wb") as file:
        file.write(packed)
    return Archive(hashlib.sha256(packed).hexdigest(), len(packed), unzipped_size)


def read_archive(path: str, wanted: Callable[[str], bool] = lambda _: True) -> tuple[list[Entry], bytes]:
    """Read a zip's files, still packed, and its comment.

    Args:
        path: The zip's.
        wanted: Whether a path in it is wanted.

    Raises:
        BuildError: It is not a zip, or one that nothing here could have made.
    """
    origin = os.path.basename(path)
    try:
        with open(path, "rb") as file:
            packed = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        count, offset, comment = _find_directory(packed)
        return list(_unpack(packed, count, offset, origin, wanted)), comment
    except (ValueError, struct.error, UnicodeDecodeError) as error:
        raise BuildError(f"{origin}: damaged wheel ({error}); lock another version") from error


def sha256_of(path: str) -> str:
    """The sha256 of a file, in hex."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def readable(size: int) -> str:
    """A size in bytes as people read it."""
    return f"{size / 1024:.1f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"


def require_below(
    limit: int, size: int, how: str, label: str, entries: list[Entry], whose: str = "Lambda's"
) -> None:
    """Refuse what AWS would refuse.

    Raises:
        BuildError: `size` is over the limit; the largest entries are named.
    """
    if size <= limit:
        return
    largest = sorted(entries, key=lambda entry: (-entry.size, entry.path))[:_LARGEST]
    names = ", ".join(f"{entry.path} ({readable(entry.size)})" for entry in largest)
    raise BuildError(
        f"{label}: {readable(size)} {how}, over {whose} {readable(limit)}; "
        f"drop or move some of its largest files: {names}"
    )


def _pack(entries: list[Entry], comment: bytes) -> Iterator[bytes | memoryview]:
    directory = []
    offset = 0
    for entry in entries:
        name = entry.path.encode()
        flags = 0 if name.isascii() else _UTF8
        sizes = (entry.crc, len(entry.data), entry.size, len(name), 0)
        yield _LOCAL.pack(_LOCAL_MARK, _VERSION, flags, entry.method, _TIME, _DATE, *sizes)
        yield name
        yield entry.data
        mode = (stat.S_IFREG | (0o755 if entry.executable else 0o644)) << 16
        made = (_CENTRAL_MARK, _UNIX | _VERSION, _VERSION, flags, entry.method, _TIME, _DATE)
        directory += [_CENTRAL.pack(*made, *sizes, 0, 0, 0, mode, offset), name]
        offset += _LOCAL.size + len(name) + len(entry.data)
    yield from directory
    size = sum(map(len, directory))
    yield _END.pack(_END_MARK, 0, 0, len(entries), len(entries), size, offset, len(comment)) + comment


def _find_directory(packed: memoryview) -> tuple[int, int, bytes]:
    """The number of entries, where their directory begins, and the comment behind it."""
    tail = bytes(packed[-(_END.size + 0xFFFF) :])
    at = tail.rfind(_END_MARK)
    if at < 0:
        raise ValueError("it is not a zip")
    _, _, _, _, count, _, offset, length = _END.unpack_from(tail, at)
    if count == 0xFFFF or offset == 0xFFFFFFFF:
        raise ValueError("it needs zip64")
    return count, offset, tail[at + _END.size :][:length]


def _unpack(
    packed: memoryview, count: int, offset: int, origin: str, wanted: Callable[[str], bool]
) -> Iterator[Entry]:
    for _ in range(count):
        mark, _, _, flags, method, _, _, crc, length, size, *lengths, _, _, attributes, start = (
            _CENTRAL.unpack_from(packed, offset)
        )
        name_end = offset + _CENTRAL.size + lengths[0]
        path = bytes(packed[offset + _CENTRAL.size : name_end]).decode("utf-8" if flags & _UTF8 else "cp437")
        if mark != _CENTRAL_MARK or flags & _ENCRYPTED or method not in (STORED, DEFLATED):
            raise ValueError(f"{path!r} cannot be read")
        offset = name_end + lengths[1] + lengths[2]
        if not wanted(path):
            continue
        *_, name, extra = _LOCAL.unpack_from(packed, start)
        begin = start + _LOCAL.size + name + extra
        data = packed[begin : begin + length]
        if len(data) != length:
            raise ValueError(f"{path!r} ends too early")
        yield Entry(path, data, method, crc, size, bool(attributes >> 16 & 0o100), origin)
