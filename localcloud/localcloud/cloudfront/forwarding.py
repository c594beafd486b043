"""What policies put into a cache key, and what an origin is sent.

Sources:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-the-cache-key.html,
.../controlling-origin-requests.html and .../RequestAndResponseBehaviorCustomOrigin.html (headers)

Left out: the headers `CloudFront-*` about the viewer's country and device, and Brotli.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from werkzeug.datastructures import Headers

from localcloud.cloudfront.messages import READS, Request
from localcloud.gateway.received_request import end_to_end

VIA = "cloudfront.local.cloudfront.net (CloudFront)"
_CONDITIONS = ("if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "range")
_ALWAYS = frozenset({"content-type", "content-length"})

type Policy = Mapping[str, Any]


def packs(cache_policy: Policy, request: Request) -> bool:
    """Whether the policy lets CloudFront compress, and the viewer takes gzip."""
    accepted = ",".join(request.headers.getlist("accept-encoding")).lower()
    refused = re.search(r"\bgzip\s*;\s*q=0(\.0*)?\s*(,|$)", accepted)
    return bool(
        _parameters(cache_policy).get("EnableAcceptEncodingGzip") and "gzip" in accepted and not refused
    )


def cache_key(cache_policy: Policy, request: Request) -> tuple[Any, ...]:
    """What two requests have in common that get the same response."""
    policy, method = _parameters(cache_policy), "GET" if request.method in READS else request.method
    headers = [
        (name, tuple(request.headers.getlist(name)))
        for name in sorted({name.lower() for name, _ in request.headers})
        if _counts(policy, "Headers", name)
    ]
    return (
        request.uri,
        method,
        query(request.query, policy),
        tuple(headers),
        cookies(request.headers, policy),
        packs(cache_policy, request),
    )


def to_origin(cache_policy: Policy, origin_policy: Policy | None, request: Request, host: str) -> Request:
    """The request that goes to the origin: what is in the key, what the other policy adds, CloudFront's own.

    Args:
        cache_policy: The behavior's.
        origin_policy: The origin request policy, if there is one.
        request: The viewer's.
        host: The origin's, which a policy may replace by the viewer's.
    """
    policies = [_parameters(cache_policy), *([origin_policy] if origin_policy else [])]
    headers = Headers({"host": host, "user-agent": "Amazon CloudFront"})
    received = end_to_end(request.headers)
    for name in ("cookie", "accept-encoding") + (_CONDITIONS if request.method in READS else ()):
        received.remove(name)
    for name in {name.lower() for name, _ in received}:
        if name in _ALWAYS or any(_counts(policy, "Headers", name) for policy in policies):
            headers.setlist(name, received.getlist(name))
    if kept := cookies(request.headers, *policies):
        headers["cookie"] = kept
    if packs(cache_policy, request):
        headers["accept-encoding"] = "gzip"
    elif any(_counts(policy, "Headers", "accept-encoding") for policy in policies):
        headers.setlist("accept-encoding", request.headers.getlist("accept-encoding"))
    headers["x-forwarded-for"] = ", ".join((*request.headers.getlist("x-forwarded-for"), request.client_ip))
    headers["via"] = ", ".join((*request.headers.getlist("via"), f"1.1 {VIA}"))
    return replace(request, query=query(request.query, *policies), headers=headers)


def query(given: str, *policies: Policy) -> str:
    """The parameters of a query that any of the policies names, as they came and in their order."""
    return "&".join(_kept(given.split("&"), "QueryStrings", policies))


def cookies(headers: Headers, *policies: Policy) -> str:
    """The cookies that any of the policies names."""
    given = [pair.strip() for line in headers.getlist("cookie") for pair in line.split(";")]
    return "; ".join(_kept(given, "Cookies", policies))


def _kept(pairs: Iterable[str], kind: str, policies: Iterable[Policy]) -> Iterator[str]:
    for pair in filter(None, pairs):
        if any(_counts(policy, kind, pair.partition("=")[0]) for policy in policies):
            yield pair


def _counts(policy: Policy, kind: str, name: str) -> bool:
    part = policy[f"{kind}Config"]
    behavior = part[f"{kind.removesuffix('s')}Behavior"]
    if behavior not in ("whitelist", "allExcept"):
        return bool(behavior != "none")
    names = (part.get(kind) or {}).get("Items") or []
    listed = name in ([each.lower() for each in names] if kind == "Headers" else names)
    return bool(listed == (behavior == "whitelist"))


def _parameters(cache_policy: Policy) -> Policy:
    """The part of a cache policy that says what counts."""
    found: Policy = cache_policy["ParametersInCacheKeyAndForwardedToOrigin"]
    return found
