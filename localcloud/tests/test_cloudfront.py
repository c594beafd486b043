"""CloudFront's API and its listeners in a running cloud, with functions and buckets that are really there."""

import io
import json
import socket
import time
import uuid
import zipfile
from typing import Any

import pytest
import urllib3
from botocore.exceptions import ClientError

from tests.running_cloud import Cloud
from tests.test_cloudfront_serving import ALL_METHODS, DISABLED, EXCEPT_HOST, OPTIMIZED, Upstream, upstream

__all__ = ["upstream"]
pytestmark = pytest.mark.xdist_group("cloud")

CODE = b"""
import time


def back(event, _):
    cf = event["Records"][0]["cf"]
    return cf.get("response") or cf["request"]


def answer(event, _):
    return {"status": "200", "body": "x" * int(event["Records"][0]["cf"]["request"]["querystring"])}


def fail(event, _):
    raise ValueError("no")


def sleep(event, _):
    time.sleep(5)
"""
HTTP = urllib3.PoolManager(retries=False)


def function(cloud: Cloud, handler: str, **settings: Any) -> str:
    """Make a function; gives the ARN of its first version."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("edge.py", CODE)
    client, name = cloud.client("lambda"), f"edge-{uuid.uuid4().hex}"
    made = client.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role="arn:aws:iam::000000000000:role/edge",
        Handler=f"edge.{handler}",
        Code={"ZipFile": packed.getvalue()},
        Publish=True,
        **settings,
    )
    client.get_waiter("published_version_active").wait(
        FunctionName=name, Qualifier="1", WaiterConfig={"Delay": 0.1}
    )
    return f"{made['FunctionArn'].removesuffix(':1')}:1"


def origin(port: int) -> dict[str, Any]:
    custom = {"HTTPPort": port, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only"}
    return {"Id": "main", "DomainName": "127.0.0.1", "CustomOriginConfig": custom}


def settings(main: dict[str, Any], events: dict[str, str] | None = None, **behavior: Any) -> dict[str, Any]:
    """A distribution's configuration."""
    associations = [
        {"EventType": event_type, "LambdaFunctionARN": arn} for event_type, arn in (events or {}).items()
    ]
    return {
        "CallerReference": uuid.uuid4().hex,
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [main]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "main",
            "ViewerProtocolPolicy": "allow-all",
            "CachePolicyId": DISABLED,
            "AllowedMethods": {
                "Quantity": 7,
                "Items": ALL_METHODS,
                "CachedMethods": {"Quantity": 2, "Items": ["GET", "HEAD"]},
            },
            "LambdaFunctionAssociations": {"Quantity": len(associations), "Items": associations},
            **behavior,
        },
    }


def create(cloud: Cloud, config: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Create a distribution; gives it, and its URL."""
    made = cloud.client("cloudfront").create_distribution(DistributionConfig=config)["Distribution"]
    return made, f"http://{made['DomainName']}"


def get(url: str, method: str = "GET", **options: Any) -> tuple[int, str, bytes]:
    response = HTTP.request(method, url, redirect=False, **options)
    return response.status, response.headers["x-cache"].removesuffix(" from cloudfront"), response.data


def error(call: Any, **parameters: Any) -> str:
    """The code of the error that a call ends with."""
    with pytest.raises(ClientError) as raised:
        call(**parameters)
    return str(raised.value.response["Error"]["Code"])


def test_a_distributions_life(cloud: Cloud, upstream: int) -> None:
    client = cloud.client("cloudfront")
    config = settings(origin(upstream))
    tags = {"Items": [{"Key": "a", "Value": "1"}]}
    made = client.create_distribution_with_tags(
        DistributionConfigWithTags={"DistributionConfig": config, "Tags": tags}
    )
    told, tag = made["Distribution"], made["ETag"]
    identifier = told["Id"]
    url = f"http://{told['DomainName']}"
    assert told["Status"] == "Deployed"
    assert told["DomainName"].startswith("localhost:")
    assert told["ARN"] == f"arn:aws:cloudfront::000000000000:distribution/{identifier}"
    assert client.list_tags_for_resource(Resource=told["ARN"])["Tags"]["Items"] == tags["Items"]
    client.tag_resource(Resource=told["ARN"], Tags={"Items": [{"Key": "b", "Value": "2"}]})
    client.untag_resource(Resource=told["ARN"], TagKeys={"Items": ["a"]})
    [left] = client.list_tags_for_resource(Resource=told["ARN"])["Tags"]["Items"]
    assert left == {"Key": "b", "Value": "2"}
    assert identifier in str(client.list_distributions()["DistributionList"]["Items"])
    assert get(url)[:2] == (200, "Miss")

    found = client.get_distribution_config(Id=identifier)
    assert found["ETag"] == tag
    changed = found["DistributionConfig"] | {"Enabled": False}
    update = {"Id": identifier, "DistributionConfig": changed}
    assert error(client.update_distribution, **update) == "InvalidIfMatchVersion"
    assert error(client.update_distribution, **update, IfMatch="E0") == "PreconditionFailed"
    assert error(client.delete_distribution, Id=identifier, IfMatch=tag) == "DistributionNotDisabled"
    newer = client.update_distribution(**update, IfMatch=tag)["ETag"]
    assert newer != tag
    assert get(url)[0] == 403

    client.delete_distribution(Id=identifier, IfMatch=newer)

    assert error(client.get_distribution, Id=identifier) == "NoSuchDistribution"
    with pytest.raises(ConnectionRefusedError):
        raw(url, "")


@pytest.mark.parametrize(
    ("kind", "plural", "config"),
    [
        ("cache_policy", "cache_policies", {"MinTTL": 1}),
        (
            "origin_request_policy",
            "origin_request_policies",
            {
                "HeadersConfig": {"HeaderBehavior": "none"},
                "CookiesConfig": {"CookieBehavior": "none"},
                "QueryStringsConfig": {"QueryStringBehavior": "all"},
            },
        ),
        ("response_headers_policy", "response_headers_policies", {"Comment": "c"}),
        (
            "origin_access_control",
            "origin_access_controls",
            {
                "SigningProtocol": "sigv4",
                "SigningBehavior": "always",
                "OriginAccessControlOriginType": "s3",
            },
        ),
    ],
)
def test_what_distributions_name(cloud: Cloud, kind: str, plural: str, config: dict[str, Any]) -> None:
    client = cloud.client("cloudfront")
    words = "".join(word.capitalize() for word in kind.split("_"))
    config = {"Name": uuid.uuid4().hex, **config}
    given = {f"{words}Config": config}
    create_one, get_one = getattr(client, f"create_{kind}"), getattr(client, f"get_{kind}")
    made = create_one(**given)
    identifier, tag = made[words]["Id"], made["ETag"]
    assert error(create_one, **given) == f"{words}AlreadyExists"
    assert get_one(Id=identifier)[words][f"{words}Config"].items() >= config.items()
    shown = getattr(client, f"get_{kind}_config")(Id=identifier)
    assert (shown["ETag"], shown[f"{words}Config"]["Name"]) == (tag, config["Name"])
    assert identifier in str(getattr(client, f"list_{plural}")())

    given[f"{words}Config"]["Name"] = uuid.uuid4().hex
    newer = getattr(client, f"update_{kind}")(Id=identifier, IfMatch=tag, **given)["ETag"]

    assert get_one(Id=identifier)[words][f"{words}Config"]["Name"] == config["Name"]
    delete = getattr(client, f"delete_{kind}")
    assert error(delete, Id=identifier, IfMatch=tag) == "PreconditionFailed"
    delete(Id=identifier, IfMatch=newer)
    assert error(get_one, Id=identifier) == f"NoSuch{words}"


def test_what_aws_has_made_is_listed_and_stays(cloud: Cloud) -> None:
    client = cloud.client("cloudfront")

    listed = client.list_cache_policies(Type="managed")["CachePolicyList"]["Items"]

    names = {each["CachePolicy"]["CachePolicyConfig"]["Name"] for each in listed}
    assert {"Managed-CachingOptimized", "Managed-CachingDisabled"} <= names
    tag = client.get_cache_policy(Id=OPTIMIZED)["ETag"]
    assert error(client.delete_cache_policy, Id=OPTIMIZED, IfMatch=tag) == "AccessDenied"


def test_a_policys_change_holds_at_once_and_it_stays_while_it_is_used(cloud: Cloud, upstream: int) -> None:
    client = cloud.client("cloudfront")
    value = {"Header": "x-own", "Value": "1", "Override": True}
    config = {"Name": uuid.uuid4().hex, "CustomHeadersConfig": {"Quantity": 1, "Items": [value]}}
    made = client.create_response_headers_policy(ResponseHeadersPolicyConfig=config)
    identifier = made["ResponseHeadersPolicy"]["Id"]
    _, url = create(cloud, settings(origin(upstream), ResponseHeadersPolicyId=identifier))
    assert HTTP.request("GET", url).headers["x-own"] == "1"

    value["Value"] = "2"
    changed = client.update_response_headers_policy(
        Id=identifier, IfMatch=made["ETag"], ResponseHeadersPolicyConfig=config
    )

    assert HTTP.request("GET", url).headers["x-own"] == "2"
    delete = client.delete_response_headers_policy
    assert error(delete, Id=identifier, IfMatch=changed["ETag"]) == "ResponseHeadersPolicyInUse"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"TargetOriginId": "other"}, "NoSuchOrigin"),
        ({"CachePolicyId": "none"}, "NoSuchCachePolicy"),
        ({"ResponseHeadersPolicyId": "none"}, "NoSuchResponseHeadersPolicy"),
        (
            {"ForwardedValues": {"QueryString": True, "Cookies": {"Forward": "none"}}},
            "InvalidArgument",
        ),
    ],
)
def test_a_distribution_that_is_refused(cloud: Cloud, change: dict[str, Any], code: str) -> None:
    client = cloud.client("cloudfront")

    assert error(client.create_distribution, DistributionConfig=settings(origin(1), **change)) == code


def test_a_function_that_cannot_be_at_the_edge(cloud: Cloud) -> None:
    client = cloud.client("cloudfront")
    arn = function(cloud, "back")
    slow, large = function(cloud, "back", Timeout=6), function(cloud, "back", MemorySize=256)
    variables = function(cloud, "back", Environment={"Variables": {"A": "1"}})
    refused = {
        "without a version": {"viewer-request": arn.removesuffix(":1")},
        "not there": {"viewer-request": arn.removesuffix("1") + "9"},
        "slow": {"viewer-request": slow},
        "large": {"viewer-response": large},
        "with variables": {"origin-request": variables},
        "in another region": {"origin-request": arn.replace("us-east-1", "eu-west-1")},
    }

    codes = {
        name: error(client.create_distribution, DistributionConfig=settings(origin(1), events))
        for name, events in refused.items()
    }

    assert codes == dict.fromkeys(refused, "InvalidLambdaFunctionAssociation")
    create(cloud, settings(origin(1), {"origin-request": slow, "origin-response": large}))


def allow(arn: str, bucket: str, action: str = "s3:GetObject", resource: str = "/*") -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": action,
        "Resource": f"arn:aws:s3:::{bucket}{resource}",
        "Condition": {"StringEquals": {"AWS:SourceArn": arn}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_bucket_asks_who_reads_it(cloud: Cloud) -> None:
    s3, client, bucket = cloud.client("s3"), cloud.client("cloudfront"), f"site-{uuid.uuid4().hex}"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="v1/a b.html", Body=b"<p>page", ContentType="text/html")
    control = {
        "Name": uuid.uuid4().hex,
        "SigningProtocol": "sigv4",
        "SigningBehavior": "always",
        "OriginAccessControlOriginType": "s3",
    }
    made = client.create_origin_access_control(OriginAccessControlConfig=control)
    main = {
        "Id": "main",
        "DomainName": f"{bucket}.s3.us-east-1.amazonaws.com",
        "OriginPath": "/v1",
        "OriginAccessControlId": made["OriginAccessControl"]["Id"],
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    distribution, url = create(cloud, settings(main, OriginRequestPolicyId=EXCEPT_HOST))
    page = f"{url}/a%20b.html"
    status, result, body = get(page)
    assert (status, result, b"<Code>AccessDenied</Code>" in body) == (403, "Error", True)
    s3.put_bucket_policy(Bucket=bucket, Policy=allow(distribution["ARN"][:-1] + "0", bucket))
    assert get(page)[0] == 403

    s3.put_bucket_policy(Bucket=bucket, Policy=allow(distribution["ARN"], bucket))

    assert get(page) == (200, "Miss", b"<p>page")
    assert get(page, headers={"Range": "bytes=1-2"})[::2] == (206, b"p>")
    assert get(page, "HEAD")[::2] == (200, b"")
    assert get(page, "PUT", body=b"new")[0] == 403
    assert get(f"{page}?policy")[::2] == (200, b"<p>page")
    away = {"Origin": "http://other.test", "Sec-Fetch-Site": "cross-site", "Authorization": "token"}
    assert get(page, headers=away)[::2] == (200, b"<p>page")
    assert get(f"{url}/none")[0] == 403  # a missing key is told to who may list alone
    whole = {name: value for name, value in main.items() if name != "OriginPath"}
    other, root = create(cloud, settings(whole))
    s3.put_bucket_policy(Bucket=bucket, Policy=allow(other["ARN"], bucket))
    assert [get(f"{root}/")[0], get(f"{root}/v1/a%20b.html")[0]] == [403, 200]
    unsigned = {name: value for name, value in main.items() if name != "OriginAccessControlId"}
    assert get(f"{create(cloud, settings(unsigned))[1]}/a%20b.html")[0] == 403
    listing = json.loads(allow(distribution["ARN"], bucket, "s3:ListBucket", ""))["Statement"]
    both = {"Statement": [*json.loads(allow(distribution["ARN"], bucket))["Statement"], *listing]}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(both))
    status, _, body = get(f"{url}/none2")
    assert (status, b"<Code>NoSuchKey</Code>" in body) == (404, True)


def test_functions_run_by_their_version(cloud: Cloud, upstream: int) -> None:
    arn = function(cloud, "back")
    events = ("viewer-request", "origin-request", "origin-response", "viewer-response")
    _, url = create(cloud, settings(origin(upstream), dict.fromkeys(events, arn)))

    assert get(f"{url}/a?b=1")[:2] == (200, "Miss")


@pytest.mark.parametrize(
    ("handler", "query", "status", "result"),
    [
        ("answer", "100", 200, "LambdaGeneratedResponse"),
        ("answer", "41000", 502, "LambdaValidationError"),
        ("fail", "", 503, "LambdaExecutionError"),
        ("sleep", "", 503, "LambdaExecutionError"),
        ("missing", "", 503, "LambdaExecutionError"),
    ],
)
def test_a_functions_result(
    cloud: Cloud, upstream: int, handler: str, query: str, status: int, result: str
) -> None:
    arn = function(cloud, handler, Timeout=1)
    _, url = create(cloud, settings(origin(upstream), {"viewer-request": arn}))

    assert get(f"{url}/?{query}")[:2] == (status, result)
    assert Upstream.asked == []


def test_an_invalidation(cloud: Cloud, upstream: int) -> None:
    client = cloud.client("cloudfront")
    made, url = create(cloud, settings(origin(upstream), CachePolicyId=OPTIMIZED))
    assert [get(f"{url}/a")[1], get(f"{url}/a")[1]] == ["Miss", "Hit"]

    batch = {"CallerReference": "1", "Paths": {"Quantity": 1, "Items": ["/*"]}}
    done = client.create_invalidation(DistributionId=made["Id"], InvalidationBatch=batch)["Invalidation"]

    assert (
        client.get_invalidation(DistributionId=made["Id"], Id=done["Id"])["Invalidation"]["Status"]
        == "Completed"
    )
    client.get_waiter("invalidation_completed").wait(DistributionId=made["Id"], Id=done["Id"])
    assert get(f"{url}/a")[1] == "Miss"
    assert (
        error(client.create_invalidation, DistributionId="E0", InvalidationBatch=batch)
        == "NoSuchDistribution"
    )


@pytest.fixture
def passing(cloud: Cloud, upstream: int) -> str:
    """The URL of a distribution that passes everything on."""
    return create(cloud, settings(origin(upstream), OriginRequestPolicyId=EXCEPT_HOST))[1]


def raw(url: str, head: str) -> bytes:
    """What a request gets that no client would send."""
    port = int(url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(head.encode() + b"Connection: close\r\n\r\n")
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_the_listener_serves_this_machine_alone(passing: str) -> None:
    served = raw(passing, "GET / HTTP/1.1\r\nHost: localhost\r\n")
    assert served.startswith(b"HTTP/1.1 200 ")
    for head in ("Host: evil.test\r\n", "Host: localhost\r\nHost: localhost\r\n", ""):
        assert b" 403 " in raw(passing, f"GET / HTTP/1.1\r\n{head}").split(b"\r\n")[0]
    port = int(passing.rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=5)


def test_what_no_client_sends(passing: str) -> None:
    host = "HTTP/1.1\r\nHost: localhost\r\n"
    assert b" 413 " in raw(passing, f"GET /{'a' * 9000} {host}").split(b"\r\n")[0]
    whole = raw(passing, f"GET http://localhost/a?b=1 {host}")
    assert b'"path": "/a?b=1"' in whole
    injected = raw(passing, f"GET /a%0d%0aX-B:%201 {host}X-A: 1\r\n 2\r\n")
    assert b"\r\nX-B" not in injected
    dots = raw(passing, f"GET /a/../b//c {host}")
    assert b'"path": "/a/../b//c"' in dots


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_arrive_with_their_bodies(passing: str, method: str) -> None:
    status, result, body = get(f"{passing}/a", method, body=b"body", headers={"Content-Type": "text/plain"})

    assert (status, result, json.loads(body)["body"]) == (200, "Miss", "body")


def test_a_large_response_arrives_whole(passing: str) -> None:
    Upstream.answers["/large"] = (200, {"Content-Type": "application/octet-stream"}, bytes(30 * 2**20))
    started = time.monotonic()

    status, _, body = get(f"{passing}/large")

    assert (status, len(body)) == (200, 30 * 2**20)
    assert time.monotonic() - started < 20
