"""The policies that AWS has made, by their ids: those for S3 origins and APIs.

Sources: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html,
.../using-managed-origin-request-policies.html and .../using-managed-response-headers-policies.html

Left out: all others.
"""

from typing import Any

_YEAR = 31_536_000


def _parameters(headers: tuple[str, ...], cookies: str, queries: str) -> dict[str, Any]:
    """What is in a key, or forwarded: a behavior each, that of headers with their names."""
    behavior, *names = headers
    listed = {"Headers": {"Quantity": len(names), "Items": names}} if names else {}
    return {
        "HeadersConfig": {"HeaderBehavior": behavior, **listed},
        "CookiesConfig": {"CookieBehavior": cookies},
        "QueryStringsConfig": {"QueryStringBehavior": queries},
    }


def _cache(name: str, ttls: tuple[int, int, int], packed: bool, *parameters: Any) -> dict[str, Any]:
    compression = {"EnableAcceptEncodingGzip": packed, "EnableAcceptEncodingBrotli": packed}
    return {
        "Name": f"Managed-{name}",
        **dict(zip(("MinTTL", "DefaultTTL", "MaxTTL"), ttls, strict=True)),
        "ParametersInCacheKeyAndForwardedToOrigin": compression | _parameters(*parameters),
    }


def _forward(name: str, *parameters: Any) -> dict[str, Any]:
    return {"Name": f"Managed-{name}", **_parameters(*parameters)}


_NONE = ("none",)
_CORS = ("whitelist", "origin", "access-control-request-headers", "access-control-request-method")

CACHE = {
    "658327ea-f89d-4fab-a63d-7e88639e58f6": _cache(
        "CachingOptimized", (1, 86_400, _YEAR), True, _NONE, "none", "none"
    ),
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": _cache(
        "CachingDisabled", (0, 0, 0), False, _NONE, "none", "none"
    ),
}
ORIGIN_REQUEST = {
    "216adef6-5c7f-47e4-b989-5492eafa07d3": _forward("AllViewer", ("allViewer",), "all", "all"),
    "b689b0a8-53d0-40ab-baf2-68738e2966ac": _forward(
        "AllViewerExceptHostHeader", ("allExcept", "host"), "all", "all"
    ),
    "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf": _forward("CORS-S3Origin", _CORS, "none", "none"),
}
RESPONSE_HEADERS = {
    "67f7725c-6f97-4210-82d7-5512b31e9d03": {
        "Name": "Managed-SecurityHeadersPolicy",
        "SecurityHeadersConfig": {
            "XSSProtection": {"Override": False, "Protection": True, "ModeBlock": True},
            "FrameOptions": {"Override": False, "FrameOption": "SAMEORIGIN"},
            "ReferrerPolicy": {"Override": False, "ReferrerPolicy": "strict-origin-when-cross-origin"},
            "ContentTypeOptions": {"Override": True},
            "StrictTransportSecurity": {"Override": False, "AccessControlMaxAgeSec": _YEAR},
        },
    },
}
