"""Asks origins: buckets, which check that the distribution may read them, and servers.

Sources:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html,
.../RequestAndResponseBehaviorS3Origin.html and .../http-504-gateway-timeout.html

Left out: origin groups, origin shield, retries, TLS settings, origin access identities, website endpoints, a
bucket's own CORS and whatever a query asks of it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

import urllib3
from botocore.exceptions import ClientError
from localstack.aws.connect import connect_to
from werkzeug.datastructures import Headers

from localcloud.cloudfront.messages import CloudFrontError, Request, Response
from localcloud.gateway.received_request import end_to_end
from localcloud.iam import policy
from localcloud.settings import gateway_url

_POOL = urllib3.PoolManager(num_pools=20, maxsize=20, retries=False)
_BUCKET = re.compile(r"(.+)\.s3[.-].*amazonaws\.com")
_ACTIONS = {"GET": "s3:GetObject", "HEAD": "s3:GetObject", "PUT": "s3:PutObject", "DELETE": "s3:DeleteObject"}


def described(config: Mapping[str, Any]) -> dict[str, Any]:
    """An origin as events show it.

    Args:
        config: As the distribution has it.
    """
    added = (config.get("CustomHeaders") or {}).get("Items") or []
    headers = [{"key": each["HeaderName"], "value": each["HeaderValue"]} for each in added]
    told = {
        "customHeaders": {each["key"].lower(): [each] for each in headers},
        "domainName": config["DomainName"],
        "path": config.get("OriginPath") or "",
    }
    custom = config.get("CustomOriginConfig")
    if not custom:
        return {"s3": {"authMethod": "none", "region": "", **told}}
    secure = custom["OriginProtocolPolicy"] == "https-only"
    told |= {
        "keepaliveTimeout": custom.get("OriginKeepaliveTimeout", 5),
        "port": custom["HTTPSPort" if secure else "HTTPPort"],
        "protocol": "https" if secure else "http",
        "readTimeout": custom.get("OriginReadTimeout", 30),
        "sslProtocols": (custom.get("OriginSslProtocols") or {}).get("Items") or [],
    }
    return {"custom": told}


def fetch(request: Request, origin: Mapping[str, Any], distribution: str, signed: bool) -> Response:
    """Send a request to an origin.

    Args:
        request: What is sent, but for the origin's path and headers.
        origin: As events show it.
        distribution: The distribution's ARN.
        signed: Whether a bucket is asked as CloudFront, not as anybody.

    Raises:
        CloudFrontError: 502 if the origin cannot be reached, 504 if it takes too long.
    """
    [(kind, told)] = origin.items()
    headers = end_to_end(request.headers)
    for name, entries in told["customHeaders"].items():
        headers.setlist(name, [each["value"] for each in entries])
    asked = replace(request, uri=told["path"] + request.uri, headers=headers)
    if kind == "s3":
        return _ask_bucket(asked, told["domainName"], distribution, signed)
    return _send(asked, f"{told['protocol']}://{told['domainName']}:{told['port']}", told["readTimeout"])


def _ask_bucket(request: Request, domain_name: str, distribution: str, signed: bool) -> Response:
    found = _BUCKET.fullmatch(domain_name)
    if found is None:
        raise CloudFrontError(502, "CloudFront wasn't able to resolve the origin domain name.")
    bucket = found[1]
    statements, arn = _bucket_policy(bucket), f"arn:aws:s3:::{bucket}"
    principal = ("Service", "cloudfront.amazonaws.com") if signed else ("AWS", "anonymous")
    source = {"aws:sourcearn": (distribution,), "aws:sourceaccount": (distribution.split(":")[4],)}
    context = {**source, "aws:securetransport": ("true",)}

    def may(action: str, resource: str) -> bool:
        asked = policy.AccessRequest(action, resource, principal, context)
        return policy.evaluate(statements, asked) is policy.Decision.ALLOW

    may_list, key = may("s3:ListBucket", arn), unquote(request.uri)
    if not (may_list if key == "/" else may(_ACTIONS.get(request.method, ""), arn + key)):
        return _denied(request)
    for name in ("authorization", "origin", "referer", "sec-fetch-site"):
        request.headers.remove(name)
    port = urlsplit(gateway_url()).port
    request.headers["host"] = f"{bucket}.s3.us-east-1.localhost.localstack.cloud:{port}"
    # With a query such as `?acl`, S3 would take another action than the one that was checked.
    response = _send(replace(request, query=""), gateway_url(), 30)
    # S3 does not tell a stranger which keys there are.
    return _denied(request) if response.status == 404 and not may_list else response


def _bucket_policy(bucket: str) -> policy.Policy:
    try:
        text = connect_to(region_name="us-east-1").s3.get_bucket_policy(Bucket=bucket)["Policy"]
        return policy.read_policy(json.loads(text), policy.IDENTITY_ELEMENTS | policy.TRUST_ELEMENTS)
    except (ClientError, policy.MalformedPolicyError):
        return ()


def _denied(request: Request) -> Response:
    """S3's refusal."""
    body = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
    headers = Headers({"Server": "AmazonS3", "Content-Type": "application/xml"})
    return Response(403, headers, b"" if request.method == "HEAD" else body)


def _send(request: Request, base: str, seconds: float) -> Response:
    headers = request.headers
    headers.remove("content-length")
    headers.setdefault("accept-encoding", urllib3.util.SKIP_HEADER)
    try:
        # The pool sends the path as it is; the manager would resolve its dots.
        response = _POOL.connection_from_url(base).urlopen(
            request.method,
            f"{request.uri}?{request.query}" if request.query else request.uri,
            body=request.body or None,
            headers=urllib3.HTTPHeaderDict(list(headers)),
            timeout=urllib3.Timeout(connect=10, read=seconds),
            redirect=False,
            decode_content=False,
        )
    except urllib3.exceptions.ReadTimeoutError as error:
        raise CloudFrontError(504, "The origin did not respond in time.") from error
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        raise CloudFrontError(502, "CloudFront wasn't able to connect to the origin.") from error
    received = end_to_end(Headers(list(response.headers.iteritems())))
    if request.method != "HEAD":
        received.remove("content-length")
    return Response(response.status, received, response.data)
