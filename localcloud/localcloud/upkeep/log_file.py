"""The log that LocalStack prints to is kept short.

Its file is opened by who starts the local cloud, for reading too. Lines printed while it is cut may be lost.
"""

import os
import stat

_LIMIT_BYTES = 64 * 2**20
_KEPT_BYTES = 8 * 2**20
_STANDARD_OUTPUT = 1


def cut_log(descriptor: int = _STANDARD_OUTPUT, limit: int = _LIMIT_BYTES, kept: int = _KEPT_BYTES) -> None:
    """Keep the last bytes of a log that has grown beyond the limit, from the start of a line.

    Args:
        descriptor: A file open for reading and appending; what is no file is left alone.
        limit: Bytes that it may have.
        kept: Bytes of its end that stay, at most.
    """
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_size <= limit:
        return
    end = os.pread(descriptor, kept, status.st_size - kept)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, end.partition(b"\n")[2])
