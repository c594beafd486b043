"""Which texts AWS can hold: it bounds them by their bytes in UTF-8."""

import math

NAME_BYTES = 2048
"""A partition key of DynamoDB has at most so many bytes.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""
SORTED_NAME_BYTES = 1024
"""Likewise, a sort key, such as a name in the index of names."""
OBJECT_KEY_BYTES = 1024
"""A key of S3 has at most so many bytes.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
"""


def fits(text: str, most: float = math.inf) -> bool:
    """Whether a text is of at most so many bytes; one with half a surrogate pair has no UTF-8 at all."""
    try:
        return len(text.encode()) <= most
    except UnicodeEncodeError:
        return False
