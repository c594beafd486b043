"""The API of CloudFront: distributions with their listeners, what they name, invalidations and tags.

Sources: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html and
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html

A change holds at once: a distribution is always `Deployed`. Left out: what else the API has (tags, keys and
key groups are moto's); lists of invalidations; a function's VPC, tracing, architecture and role, which on AWS
trusts edgelambda.amazonaws.com; replicas, which on AWS keep a function from being deleted for hours.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError
from localstack.aws.connect import connect_to
from localstack.aws.skeleton import DispatchTable
from localstack.constants import DEFAULT_AWS_ACCOUNT_ID
from localstack.services.plugins import Service, aws_provider
from moto.cloudfront.models import cloudfront_backends

from localcloud.cloudfront import managed_policies as managed
from localcloud.cloudfront.listener import Listener
from localcloud.cloudfront.resources import Kind, refused, short_id
from localcloud.cloudfront.serving import Distribution, items, serve
from localcloud.moto_service import by_request, moto_service

NAMED = {
    "OriginAccessControlId": Kind("OriginAccessControl", "OriginAccessControls", {}, short_id),
    "CachePolicyId": Kind("CachePolicy", "CachePolicies", managed.CACHE),
    "OriginRequestPolicyId": Kind("OriginRequestPolicy", "OriginRequestPolicies", managed.ORIGIN_REQUEST),
    "ResponseHeadersPolicyId": Kind(
        "ResponseHeadersPolicy", "ResponseHeadersPolicies", managed.RESPONSE_HEADERS
    ),
}
"""By the member of an origin or a behavior that names one."""
_NONE = {"Quantity": 0}
_DEFAULTS = {
    **dict.fromkeys(("Aliases", "CacheBehaviors", "CustomErrorResponses", "OriginGroups"), _NONE),
    "Restrictions": {"GeoRestriction": {"RestrictionType": "none", **_NONE}},
    "ViewerCertificate": {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1"},
}
"""What AWS adds to a configuration that lacks it."""
_VERSION = re.compile(r"arn:aws:lambda:us-east-1:\d{12}:function:[\w-]+:\d+")
_MOST = {"viewer": (5, 128), "origin": (30, 10_240)}
"""Seconds and MB of a function."""


def named(member: str, holder: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The configuration of what an origin or a behavior names.

    Raises:
        CommonServiceException: It names what there is not.
    """
    identifier = holder.get(member)
    return NAMED[member].config(identifier) if identifier else None


class Distributions(Kind):
    """Distributions, each with its listener."""

    def __init__(self) -> None:
        super().__init__("Distribution", "Distributions", {}, short_id)
        self.served: dict[str, tuple[Distribution, Listener]] = {}

    def create(self, request: Any) -> dict[str, Any]:
        """Create one, and listen."""
        _check(request)
        response = super().create(request)
        made = response["Distribution"]
        distribution = Distribution(made, named)
        listener = Listener(lambda received: serve(distribution, received))
        self.served[made["Id"]] = distribution, listener
        made |= {"Status": "Deployed", "InProgressInvalidationBatches": 0}
        made |= {f"ActiveTrusted{each}": {"Enabled": False, **_NONE} for each in ("Signers", "KeyGroups")}
        made["ARN"] = f"arn:aws:cloudfront::{DEFAULT_AWS_ACCOUNT_ID}:distribution/{made['Id']}"
        made["DomainName"] = listener.domain_name
        return response

    def create_with_tags(self, request: Any) -> dict[str, Any]:
        """Create one that has tags."""
        given = request["DistributionConfigWithTags"]
        response = self.create(given)
        tagger = cloudfront_backends[DEFAULT_AWS_ACCOUNT_ID]["aws"].tagger  # moto has the operations on tags
        tagger.tag_resource(response["Distribution"]["ARN"], items(given["Tags"]))
        return response

    def update(self, request: Any) -> dict[str, Any]:
        """Change one; what it has cached stays."""
        _check(request)
        return super().update(request)

    def delete(self, request: Any) -> dict[str, Any]:
        """Delete one that is disabled."""
        if self.matched(request)["DistributionConfig"]["Enabled"]:
            raise refused("DistributionNotDisabled", "The distribution is not disabled.", 409)
        self.served.pop(request["Id"])[1].close()
        return super().delete(request)


DISTRIBUTIONS = Distributions()
for _kind in NAMED.values():
    _kind.users.append(DISTRIBUTIONS)


def _check(request: Any) -> None:
    """Complete a configuration, and refuse one that names what there is not, or what is not served."""
    config = request["DistributionConfig"] = _DEFAULTS | request["DistributionConfig"]
    for origin in config["Origins"]["Items"]:
        named("OriginAccessControlId", origin)
    origins = {each["Id"] for each in config["Origins"]["Items"]}
    for behavior in (config["DefaultCacheBehavior"], *items(config["CacheBehaviors"])):
        if behavior["TargetOriginId"] not in origins:
            raise refused("NoSuchOrigin", f"There is no origin {behavior['TargetOriginId']}.", 404)
        if behavior.get("ForwardedValues") or not behavior.get("CachePolicyId"):
            raise refused("InvalidArgument", "A cache policy is needed: ForwardedValues is not served here.")
        for member in NAMED:
            named(member, behavior)
        for each in items(behavior.get("LambdaFunctionAssociations")):
            for fault in _faults(each):
                raise refused("InvalidLambdaFunctionAssociation", f"{each['LambdaFunctionARN']}: {fault}.")


def _faults(association: Mapping[str, Any]) -> Iterator[str]:
    """Why a function cannot be associated."""
    arn, kind = association["LambdaFunctionARN"], association["EventType"].partition("-")[0]
    if not _VERSION.fullmatch(arn):
        yield "a function's ARN in us-east-1 with the number of a version is needed"
        return
    try:
        found = connect_to(region_name="us-east-1").lambda_.get_function_configuration(FunctionName=arn)
    except ClientError:
        yield "there is no such function"
        return
    seconds, megabytes = _MOST[kind]
    for holds, fault in (
        (found["Timeout"] > seconds, f"a {kind} event has at most {seconds} seconds"),
        (found["MemorySize"] > megabytes, f"a {kind} event has at most {megabytes} MB"),
        (found.get("Environment", {}).get("Variables"), "it must have no environment variables"),
        (found.get("Layers"), "it must have no layers"),
    ):
        if holds:
            yield fault


_invalidations: dict[tuple[str, str], dict[str, Any]] = {}


def invalidate(request: Any) -> dict[str, Any]:
    """CreateInvalidation: done at once."""
    batch, identifier = request["InvalidationBatch"], request["DistributionId"]
    DISTRIBUTIONS.find(identifier)
    DISTRIBUTIONS.served[identifier][0].cache.invalidate(items(batch["Paths"]))
    now = datetime.now(UTC)
    made = {"Id": short_id(), "Status": "Completed", "CreateTime": now, "InvalidationBatch": batch}
    _invalidations[identifier, made["Id"]] = made
    return {"Invalidation": made, "Location": f"/2020-05-31/distribution/{identifier}/{made['Id']}"}


def get_invalidation(request: Any) -> dict[str, Any]:
    """GetInvalidation."""
    if (found := _invalidations.get((request["DistributionId"], request["Id"]))) is None:
        raise refused("NoSuchInvalidation", "The specified invalidation does not exist.", 404)
    return {"Invalidation": found}


_SERVED: dict[str, Callable[[Any], Mapping[str, Any]]] = {
    **{name: call for kind in (DISTRIBUTIONS, *NAMED.values()) for name, call in kind.operations().items()},
    "CreateDistributionWithTags": DISTRIBUTIONS.create_with_tags,
    "CreateInvalidation": invalidate,
    "GetInvalidation": get_invalidation,
}
OPERATIONS: DispatchTable = {name: by_request(call) for name, call in _SERVED.items()}
"""What serves an operation in place of moto."""


@aws_provider(api="cloudfront")  # type: ignore[untyped-decorator]
def provider() -> Service:
    """Return the service."""
    return moto_service("cloudfront", OPERATIONS)
