"""Serves a request to a distribution: behavior, functions, cache, origin, error pages.

Sources: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html,
.../lambda-cloudfront-trigger-events.html (which functions run when) and .../HTTPStatusCodes.html

Left out: aliases, WAF, geo restriction, signed URLs, CloudFront Functions, field-level encryption, continuous
deployment, WebSockets, access logs. Every viewer protocol policy is served over http.
"""

import logging
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from localcloud.cloudfront import forwarding, origins, response_headers
from localcloud.cloudfront.cache import Cache, compressed, part, path_matches, seconds_to_keep
from localcloud.cloudfront.edge_function import EdgeFunction
from localcloud.cloudfront.messages import READS, CloudFrontError, Request, Response

LOG = logging.getLogger(__name__)
_LONGEST_URL = 8_192
_LONGEST_HEAD = 32_768
_ERROR_SECONDS = 10

type Settings = Mapping[str, Any]


@dataclass(frozen=True)
class Distribution:
    """A distribution, and what it has cached.

    Attributes:
        resource: As the API shows it, and changes it.
        named: Looks up the configuration of what a member of an origin or a behavior names.
    """

    resource: Settings
    named: Callable[[str, Settings], Settings | None]
    cache: Cache = field(default_factory=Cache)

    @property
    def config(self) -> Settings:
        """Its configuration."""
        found: Settings = self.resource["DistributionConfig"]
        return found

    def behavior(self, uri: str) -> Settings:
        """The first whose pattern takes the path, dots and doubled slashes resolved, else the default."""
        path = posixpath.normpath(re.sub("%2e", ".", uri, flags=re.IGNORECASE))
        path = re.sub("^/+", "/", path) + ("/" if uri.endswith("/") and path != "/" else "")
        default: Settings = self.config["DefaultCacheBehavior"]
        listed = items(self.config.get("CacheBehaviors"))
        return next((each for each in listed if path_matches(each["PathPattern"], path)), default)


def serve(distribution: Distribution, request: Request) -> Response:
    """Respond, whatever happens."""
    exchange = _Exchange(distribution, request)
    try:
        exchange.check()
        response = exchange.respond()
    except CloudFrontError as error:
        response = error.response(request.id)
    except Exception:
        LOG.exception("%s %s", request.method, request.uri)
        response = CloudFrontError(500, "The local cloud failed: its log says how.").response(request.id)
    return _finished(request, exchange.with_policy(response))


class _Exchange:
    """One request, under the behavior of its path."""

    def __init__(self, distribution: Distribution, request: Request) -> None:
        self._distribution, self._request = distribution, request
        self._behavior = distribution.behavior(request.uri)
        self._policy: Any = distribution.named("CachePolicyId", self._behavior)
        config = {
            "distributionDomainName": distribution.resource["DomainName"],
            "distributionId": distribution.resource["Id"],
            "requestId": request.id,
        }
        associated = items(self._behavior.get("LambdaFunctionAssociations"))
        self._functions = {each["EventType"]: EdgeFunction(each, config) for each in associated}

    def check(self) -> None:
        """Refuse what gets no further.

        Raises:
            CloudFrontError: 403 or 413.
        """
        request, allowed = self._request, self._behavior.get("AllowedMethods")
        target = f"{request.uri}?{request.query}"
        head = len(target) + sum(len(name) + len(value) for name, value in request.headers)
        unknown = request.method not in (items(allowed) or READS)
        for holds, status, sentence in (
            (len(target) > _LONGEST_URL or head > _LONGEST_HEAD, 413, "The request or its URL is too long."),
            (not self._distribution.config["Enabled"], 403, "The distribution is disabled."),
            (unknown, 403, "This distribution is not configured to allow the HTTP request method."),
            (request.body and request.method in READS, 403, "A GET request with a body is refused."),
        ):
            if holds:
                raise CloudFrontError(status, sentence)

    def respond(self) -> Response:
        """Respond to a viewer.

        Raises:
            CloudFrontError: A function fails.
        """
        if function := self._functions.get("viewer-request"):
            changed = function.change_request(self._request)
            if isinstance(changed, Response):
                return changed
            self._request = changed[0]
        if self._request.uri == "/" and (root := self._distribution.config.get("DefaultRootObject")):
            self._request = replace(self._request, uri=f"/{root}")
        response = part(self._request, self.find())
        function = self._functions.get("viewer-response")
        if function is None or response.final or response.status >= 400:
            return response
        return function.change_response(self._request, self.with_policy(response))

    def find(self, is_page: bool = False) -> Response:
        """The response from the cache, else from the origin, else the distribution's page for its error.

        Args:
            is_page: Whether such a page is looked for, which has none itself.
        """
        methods = {*READS, *items((self._behavior.get("AllowedMethods") or {}).get("CachedMethods"))}
        key, method = forwarding.cache_key(self._policy, self._request), self._request.method
        cache, invalidations = self._distribution.cache, self._distribution.cache.invalidations
        if method in methods and (cached := cache.find(key)):
            return cached
        try:
            response = self._from_origin()
        except CloudFrontError as error:
            if error.result != "Error":
                raise
            response = error.response(self._request.id)
        rules = items(self._distribution.config.get("CustomErrorResponses"))
        rule: Settings = next((each for each in rules if each["ErrorCode"] == response.status), {})
        seconds = seconds_to_keep(self._policy, response, rule.get("ErrorCachingMinTTL", _ERROR_SECONDS))
        if rule.get("ResponsePagePath") and not is_page:
            response = self._error_page(rule, response)
        if seconds > 0 and method in methods - {"HEAD"}:
            cache.store(key, response, seconds, invalidations)
        return response

    def with_policy(self, response: Response) -> Response:
        """The response under the behavior's response headers policy."""
        policy = self._distribution.named("ResponseHeadersPolicyId", self._behavior)
        if policy is None or response.is_under_policy:
            return response
        headers = response_headers.apply(policy, response.headers)
        return replace(response, headers=headers, is_under_policy=True)

    def _from_origin(self) -> Response:
        listed, target = self._distribution.config["Origins"]["Items"], self._behavior["TargetOriginId"]
        config = next(each for each in listed if each["Id"] == target)
        control = self._distribution.named("OriginAccessControlId", config)
        signed = control is not None and control["SigningBehavior"] != "never"
        forwarded = self._distribution.named("OriginRequestPolicyId", self._behavior)
        origin: Any = origins.described(config)
        request = forwarding.to_origin(self._policy, forwarded, self._request, config["DomainName"])
        if function := self._functions.get("origin-request"):
            changed = function.change_request(request, origin)
            if isinstance(changed, Response):
                return changed
            request, origin = changed
        response = origins.fetch(request, origin, self._distribution.resource["ARN"], signed)
        if function := self._functions.get("origin-response"):
            response = function.change_response(request, response, origin)
        packs = self._behavior.get("Compress") and forwarding.packs(self._policy, self._request)
        return compressed(response) if packs else response

    def _error_page(self, rule: Settings, response: Response) -> Response:
        asked = replace(self._request, method="GET", uri=rule["ResponsePagePath"], query="", body=b"")
        page = _Exchange(self._distribution, asked).find(is_page=True)
        status = int(rule.get("ResponseCode") or response.status)
        return replace(page, status=status, result="Error", final=True) if page.status == 200 else response


def _finished(request: Request, response: Response) -> Response:
    headers = response.headers.copy()
    result = "Error" if response.status >= 400 and response.result in ("Miss", "Hit") else response.result
    headers["X-Cache"] = f"{result} from cloudfront"
    headers["Via"] = ", ".join((*headers.getlist("via"), f"1.1 {forwarding.VIA}"))
    headers["X-Amz-Cf-Pop"], headers["X-Amz-Cf-Id"] = "LOCAL1-P1", request.id
    if request.method != "HEAD" or "content-length" not in headers:
        headers["Content-Length"] = str(len(response.body))
    if response.status == 204:
        headers.remove("content-length")
    return replace(response, headers=headers)


def items(listed: Settings | None) -> list[Any]:
    """What a list of the API's has, if there is one."""
    return list((listed or {}).get("Items") or [])
