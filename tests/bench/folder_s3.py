"""A folder of files as a bucket, with as much of an S3 client as reads a dataset."""

import io
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bench.query_data import files_of

_KEYS_A_PAGE = 1000
_PART_BYTES = 1 << 16


class Body(io.FileIO):
    """An object's content, read as botocore's StreamingBody is."""

    def iter_chunks(self, chunk_size: int = _PART_BYTES) -> Iterator[bytes]:
        """Yield it in parts of so many bytes."""
        while chunk := self.read(chunk_size):
            yield chunk

    def iter_lines(self, chunk_size: int = _PART_BYTES, keepends: bool = False) -> Iterator[bytes]:
        """Yield its lines."""
        rest = b""
        for chunk in self.iter_chunks(chunk_size):
            *lines, rest = (rest + chunk).splitlines(keepends=True)
            yield from lines if keepends else (line.rstrip(b"\r\n") for line in lines)
            if rest.endswith(b"\n"):
                yield rest if keepends else rest.rstrip(b"\r\n")
                rest = b""
        if rest:
            yield rest


class FolderS3:
    """Lists and reads the files below a folder, whatever the bucket is called.

    Args:
        folder: Where the files are, each by its key.
    """

    class NoSuchKeyError(Exception):
        """There is no file of this key."""

    exceptions = SimpleNamespace(NoSuchKey=NoSuchKeyError)

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = [(key, path.stat().st_size) for key, path in files_of(folder)]

    def get_paginator(self, _operation: str) -> "FolderS3":
        """What lists, page by page: only `list_objects_v2` is asked for."""
        return self

    def paginate(self, *, Prefix: str, StartAfter: str = "", **_options: Any) -> Iterator[dict[str, Any]]:
        """Yield the pages of a listing."""
        listed = [
            {"Key": key, "Size": size}
            for key, size in self._files
            if key.startswith(Prefix) and key > StartAfter
        ]
        for start in range(0, len(listed), _KEYS_A_PAGE):
            yield {"Contents": listed[start : start + _KEYS_A_PAGE]}

    def get_object(self, *, Key: str, **_options: Any) -> dict[str, Any]:
        """Open a file.

        Raises:
            NoSuchKeyError: There is none.
        """
        try:
            body = Body(self._folder / Key)
        except FileNotFoundError as error:
            raise self.NoSuchKeyError(Key) from error
        return {"Body": body, "ContentLength": (self._folder / Key).stat().st_size}
