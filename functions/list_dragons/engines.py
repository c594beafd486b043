"""Which query engine a deployment uses, by the parameter `/dragons/<env>/query_engine`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dragons.errors import ConfigurationError
from list_dragons.scan import ScanEngine
from list_dragons.select import SelectEngine

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3 import S3Client

    from list_dragons.query import QueryEngine

ENGINES: dict[str, Callable[[S3Client, str, str], QueryEngine]] = {
    "scan": ScanEngine,
    "s3_select": SelectEngine,
}


def choose_engine(name: str, s3: S3Client, bucket: str, prefix: str) -> QueryEngine:
    """Make the engine of a name.

    Raises:
        ConfigurationError: There is no engine of this name.
    """
    if name not in ENGINES:
        known = ", ".join(ENGINES)
        raise ConfigurationError(f"query_engine is {name!r}: set the parameter to one of {known}")
    return ENGINES[name](s3, bucket, prefix)
