"""A release on its way to those who look at the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tasks.processes.steps import StepError
from tasks.publishing.bucket import SiteBucket
from tasks.publishing.distribution import Distribution
from tasks.publishing.release import build

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_ssm import SSMClient

    from tasks.publishing.release import Release

RELEASES = ("live", "next")
NONE = "none"
UNCHANGED = "unchanged"

SCOPES = ("openid", "email", "dragons/read", "dragons/report", "dragons/review")
"""What the site asks for; Cognito takes from it what the person's groups do not grant."""


class Publisher:
    """Publishes to an environment.

    Args:
        client: Makes clients of boto3.
        outputs: The environment's.

    Raises:
        StepError: The environment has no site yet.
    """

    def __init__(self, client: Callable[[str], Any], outputs: Mapping[str, Any]) -> None:
        site = require_site(outputs)
        self._bucket = SiteBucket(client("s3"), site["bucket"])
        self._distribution = Distribution(client("cloudfront"), site["distribution_id"])
        self._ssm: SSMClient = client("ssm")
        self._path: str = site["parameter_path"]
        self._outputs = outputs

    def publish(self, which: str, tell: Callable[[str], None]) -> str:
        """Publish what `site/` holds: assets, then pages, then the switch, then the caches.

        A page that is loaded meanwhile finds its assets: they are there before it, and stay behind it. What
        broke off is gone on with by running it again.

        Args:
            which: `live`, or `next` for testers.
            tell: Is told each step.

        Returns:
            What came of it; it begins with `unchanged` if nothing was to be done.

        Raises:
            StepError: The distribution is not one of a site.
        """
        release = build(settings(self._outputs))
        missing = self._bucket.missing([*release.assets, *release.pages])
        served = {each: self._distribution.folder(each) for each in RELEASES}
        named = {each: self._named(each) for each in RELEASES}
        if not missing and release.folder == served[which] == named[which]:
            return f"{UNCHANGED}: release {release.folder} is {which}"
        if missing:
            # Before the new one is there: what it replaces is among those that serve, and stays for now.
            removed = self._bucket.remove_old({*served.values(), *named.values(), release.folder})
            tell(f"{len(missing)} files to upload, {len(removed)} old releases gone")
            self._bucket.upload(missing)
        self._switch(which, release, tell)
        return f"release {release.folder} is {which}, {len(missing)} files uploaded"

    def _switch(self, which: str, release: Release, tell: Callable[[str], None]) -> None:
        # The parameter first: should the rest break off, the next apply brings the distribution there.
        name = f"{self._path}/{which}"
        self._ssm.put_parameter(Name=name, Value=release.folder, Type="String", Overwrite=True)
        if self._distribution.folder(which) != release.folder:
            tell("the distribution is told")
            self._distribution.point(which, release.folder)
        tell("the caches forget the pages")
        self._distribution.invalidate(["/", *release.addresses])

    def _named(self, which: str) -> str:
        try:
            found = self._ssm.get_parameter(Name=f"{self._path}/{which}")
        except self._ssm.exceptions.ParameterNotFound:
            return NONE
        return found["Parameter"]["Value"]


def require_site(outputs: Mapping[str, Any]) -> Mapping[str, str]:
    """What Terraform tells of the site: `bucket`, `distribution_id` and `parameter_path`.

    Raises:
        StepError: It was applied before there was one.
    """
    site: Mapping[str, str] | None = outputs.get("site")
    if site is None:
        raise StepError("the environment has no site yet", "apply it first")
    return site


def settings(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """What the page is told of its environment."""
    return {
        "environment": outputs["parameter_path"].rpartition("/")[2],
        "hostedUiUrl": outputs["hosted_ui_url"],
        "clientId": outputs["user_pool_client_id"],
        "scopes": list(SCOPES),
    }
