"""Lets one reader answer a question, in a process of its own, and writes down what that took.

`python -m bench.query_reader <reader> <folder> <question, JSON> <result's file>`
"""

import json
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

from bench.query_readers import READERS, Read


def answer(reader: str, folder: Path, filters: dict[str, str], limit: int) -> dict[str, Any]:
    """Find a page, and whether there is more.

    Returns:
        Its names, the seconds until the first and until all were there, objects and bytes read.
    """
    read = Read()
    found = READERS[reader](folder, filters, limit, read)
    names: list[str] = []
    first = None
    began = time.perf_counter()
    for name in islice(found, limit + 1):  # one more tells whether it is the last page
        first = first or time.perf_counter() - began
        names.append(name)
    seconds = time.perf_counter() - began
    told = {"names": names[:limit], "first": first, "seconds": seconds}
    return told | {"objects": read.objects, "bytes": read.bytes}


if __name__ == "__main__":
    reader, folder, question, result = sys.argv[1:]
    Path(result).write_text(json.dumps(answer(reader, Path(folder), **json.loads(question))))
