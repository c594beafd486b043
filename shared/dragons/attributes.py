"""Values of DynamoDB as JSON has them.

boto3 has a deserializer too, but it makes decimals, sets and bytes, which JSON does not have.
"""

import base64
from collections.abc import Callable, Mapping
from typing import Any


def plain(attribute: Mapping[str, Any]) -> Any:
    """Take a value out of its type, whichever type that is.

    Numbers become integers or doubles: of DynamoDB's 38 digits, a double keeps 15. Sets become ordered lists,
    so that the same item is always the same text. Binary values are in base64, as a stream's event has them;
    boto3 decodes those of an item.

    Args:
        attribute: One entry, the type and the content, such as `{"S": "red"}`.

    Raises:
        ValueError: DynamoDB has a type that is not known here.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_AttributeValue.html
    """
    [(kind, content)] = attribute.items()
    if kind not in _READ:
        raise ValueError(f"type {kind} of an attribute is not known")
    return _READ[kind](content)


def _same(content: Any) -> Any:
    return content


def _base64(content: str | bytes) -> str:
    return content if isinstance(content, str) else base64.b64encode(content).decode()


def _number(text: str) -> int | float:
    return int(text) if text.removeprefix("-").isdigit() else float(text)


_READ: dict[str, Callable[[Any], Any]] = {
    "S": _same,
    "N": _number,
    "BOOL": _same,
    "NULL": lambda _: None,
    "B": _base64,
    "L": lambda elements: [plain(each) for each in elements],
    "M": lambda entries: {name: plain(each) for name, each in entries.items()},
    "SS": sorted,
    "NS": lambda numbers: sorted(map(_number, numbers)),
    "BS": lambda contents: sorted(map(_base64, contents)),
}
