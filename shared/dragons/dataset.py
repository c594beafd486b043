"""The dataset's layout in its bucket: JSON Lines, one folder a family.

An object holds the dragons of one family out of one batch of the table's stream, ordered by name:
`dragons/family_str=<family>/<sequence number>.jsonl`. Its lines never contain a raw line break, since
JSON escapes control characters.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from urllib.parse import quote

from dragons.fields import Dragon

SEQUENCE_DIGITS = 40
"""DynamoDB's sequence numbers have 21 to 40 digits.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html
"""

_FOLDER_BYTES = 512
"""An S3 key has 1,024 bytes at most, and 200 characters can take 2,400 when percent-encoded."""


def family_folder(prefix: str, family: str) -> str:
    """The folder of a family, with its closing slash.

    Args:
        prefix: The dataset's own prefix, such as `dragons/`.
        family: Any text. A name too long for a key is cut and told apart by its SHA-256.
    """
    encoded = quote(family, safe="")
    if len(encoded) > _FOLDER_BYTES:
        digest = hashlib.sha256(family.encode()).hexdigest()
        head = re.sub(r"%[0-9A-F]?$", "", encoded[: _FOLDER_BYTES - len(digest) - 1])
        encoded = f"{head}~{digest}"
    return f"{prefix}family_str={encoded}/"


def object_key(prefix: str, family: str, sequence_number: str) -> str:
    """The object for a family's dragons out of one batch, named by the first record that put one there."""
    return f"{family_folder(prefix, family)}{sequence_number.zfill(SEQUENCE_DIGITS)}.jsonl"


def to_lines(dragons: Iterable[Dragon]) -> bytes:
    """Write dragons as JSON Lines (UTF-8), ordered by name, so that a page can end at any of them."""
    ordered = sorted(dragons, key=lambda dragon: dragon["dragon_name_str"])
    return b"".join(
        json.dumps(dragon, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for dragon in ordered
    )


def from_lines(lines: Iterable[bytes]) -> Iterable[Dragon]:
    """Read dragons from JSON Lines, in their order."""
    return (json.loads(line) for line in lines if line)
