"""Which query engine a deployment uses, by the parameter `/dragons/<env>/query_engine`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dragons.errors import ConfigurationError
from list_dragons.athena import AthenaEngine
from list_dragons.scan import ScanEngine
from list_dragons.select import SelectEngine

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3 import S3Client

    from list_dragons.athena_client import Athena
    from list_dragons.query import QueryEngine

_OF_S3: dict[str, Callable[[S3Client, str, str], QueryEngine]] = {
    "scan": ScanEngine,
    "s3_select": SelectEngine,
}
ENGINES = (*_OF_S3, "athena")


def choose_engine(
    name: str, s3: S3Client, bucket: str, prefix: str, athena: Athena | None = None
) -> QueryEngine:
    """Make the engine of a name.

    Args:
        name: One of `ENGINES`.
        s3: A client of S3.
        bucket: The dataset's bucket.
        prefix: The dataset's prefix in it.
        athena: What runs statements of Athena; none where the environment has no tables for it.

    Raises:
        ConfigurationError: There is no engine of this name, or the environment lacks what it needs.
    """
    if name not in ENGINES:
        known = ", ".join(ENGINES)
        raise ConfigurationError(f"query_engine is {name!r}: set the parameter to one of {known}")
    if name in _OF_S3:
        return _OF_S3[name](s3, bucket, prefix)
    if athena is None or not athena.workgroup:
        raise ConfigurationError(
            "query_engine is 'athena', and the environment has no tables for it: give its input `athena` a "
            "limit of bytes and apply, or set the parameter to another engine"
        )
    return AthenaEngine(athena, bucket, prefix)
