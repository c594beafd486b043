"""What a report's fields are called by those who write files, and how their values are written."""

import re
from collections import Counter
from collections.abc import Sequence

from dragons.fields import RECORD_NAMES
from dragons.schemas import schema

PHONE = "reportingPhoneNumber"
CONFIRMATION = "confirmationRequired"

_YES = frozenset({"true", "yes", "y", "1"})
_NO = frozenset({"false", "no", "n", "0"})
_BETWEEN_DIGITS = re.compile(r"[\s().\-/]+")
_PHONE = re.compile(r"(?:\+|00)[0-9]+")


def _plain(name: str) -> str:
    """A name without case and without what stands between its words."""
    return re.sub(r"[\W_]+", "", name.casefold())


_FIELDS = {_plain(field): field for field in schema("report")["properties"]}
_FIELDS |= {_plain(record): field for field, record in RECORD_NAMES.items()}


def names(given: Sequence[str]) -> list[str]:
    """Spell names as a report does; a name that means no field, or one that another means too, stays.

    `Dragon Name`, `DRAGON_NAME` and the record's `dragon_name_str` are `dragonName`.
    """
    meant = [_FIELDS.get(_plain(name)) for name in given]
    count = Counter(meant)
    return [
        field if field is not None and count[field] == 1 else name.strip()
        for name, field in zip(given, meant, strict=True)
    ]


def known(given: Sequence[str]) -> int:
    """How many of these names mean a field."""
    return len({_FIELDS[plain] for plain in map(_plain, given) if plain in _FIELDS})


def value(field: str, text: str) -> str:
    """A field's text without the space around it; a number as E.164 writes it, and yes as `true`."""
    text = text.strip()
    if field == PHONE:
        digits = _BETWEEN_DIGITS.sub("", text)
        return f"+{digits.lstrip('+').removeprefix('00')}" if _PHONE.fullmatch(digits) else text
    if field == CONFIRMATION:
        word = text.lower()
        return "true" if word in _YES else "false" if word in _NO else text
    return text
