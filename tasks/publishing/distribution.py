"""The distribution: which release its origin serves, and what its caches forget."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from tasks.processes.steps import StepError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_cloudfront import CloudFrontClient
    from mypy_boto3_cloudfront.type_defs import WaiterConfigTypeDef

_HEADER = "x-folder-{}"
_TRIES = 3
_WAIT: WaiterConfigTypeDef = {"Delay": 10, "MaxAttempts": 180}
"""Half an hour: a deployment takes minutes."""


class Distribution:
    """A distribution whose S3 origin names the folders of its releases in custom headers.

    Args:
        client: A client of CloudFront.
        identity: The distribution's id.
    """

    def __init__(self, client: CloudFrontClient, identity: str) -> None:
        self._client = client
        self._id = identity

    def folder(self, release: str) -> str:
        """The folder of the release `live` or `next`; `none` for none.

        Raises:
            StepError: No origin has a header for it.
        """
        folder: str = _header(self._config()[0], release)["HeaderValue"]
        return folder

    def point(self, release: str, folder: str) -> None:
        """Name another folder, and wait until every edge location knows.

        Somebody else's update in between is no reason to stop: theirs stays, and this one comes on top.

        Raises:
            StepError: No origin has a header for it, or others update without an end.

        Source: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateDistribution.html
        """
        errors = self._client.exceptions
        for _ in range(_TRIES):
            config, etag = self._config()
            _header(config, release)["HeaderValue"] = folder
            try:
                self._client.update_distribution(Id=self._id, IfMatch=etag, DistributionConfig=config)
            except (errors.PreconditionFailed, errors.InvalidIfMatchVersion):
                continue
            self._client.get_waiter("distribution_deployed").wait(Id=self._id, WaiterConfig=_WAIT)
            return
        raise StepError(f"{self._id} is updated by somebody else all the time", "run it again")

    def invalidate(self, paths: Sequence[str]) -> None:
        """Have the caches forget paths, and wait until they have.

        Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Invalidation.html
        """
        batch: Any = {
            "Paths": {"Quantity": len(paths), "Items": [*paths]},
            "CallerReference": str(uuid.uuid4()),
        }
        made = self._client.create_invalidation(DistributionId=self._id, InvalidationBatch=batch)
        waiter = self._client.get_waiter("invalidation_completed")
        waiter.wait(DistributionId=self._id, Id=made["Invalidation"]["Id"], WaiterConfig=_WAIT)

    def _config(self) -> tuple[Any, str]:
        found = self._client.get_distribution_config(Id=self._id)
        return found["DistributionConfig"], found["ETag"]


def _header(config: Any, release: str) -> dict[str, str]:
    """The custom header of the one origin that has it.

    Raises:
        StepError: None has.
    """
    name = _HEADER.format(release)
    for origin in config["Origins"]["Items"]:
        for header in origin.get("CustomHeaders", {}).get("Items", []):
            if header["HeaderName"].lower() == name:
                found: dict[str, str] = header
                return found
    raise StepError(f"no origin of the distribution has the header {name}", "apply the environment first")
