"""A distribution with a real origin: behaviors, caching, forwarding, Lambda@Edge, errors."""

import gzip
import json
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, ClassVar

import pytest
from werkzeug.datastructures import Headers

from localcloud.cloudfront import cache, edge_function, managed_policies
from localcloud.cloudfront.messages import Request, Response
from localcloud.cloudfront.serving import Distribution, serve

OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
SECURITY = "67f7725c-6f97-4210-82d7-5512b31e9d03"
ALL_METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]

type Handle = Callable[[dict[str, Any]], Any]


class Upstream(BaseHTTPRequestHandler):
    """Answers what it was sent, with the status and the headers that a test sets for the path."""

    answers: ClassVar[dict[str, tuple[int, dict[str, str], bytes | None]]] = {}
    asked: ClassVar[list[str]] = []
    released = Event()

    def __getattr__(self, name: str) -> Callable[[], None]:
        if not name.startswith("do_"):
            raise AttributeError(name)
        return self.handle_all

    def handle_all(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        if self.path.startswith("/slow"):
            self.released.wait(20)
        status, headers, body = self.answers.get(self.path.partition("?")[0], (200, {}, None))
        sent = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        if body is None:
            fields = [[name.lower(), value] for name, value in self.headers.items()]
            body = json.dumps({"path": self.path, "headers": fields, "body": sent}).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and not self.path.startswith("/slow"):
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def upstream() -> Iterator[int]:
    """Its port."""
    Upstream.answers, Upstream.asked = {}, []
    Upstream.released.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server.server_port
    Upstream.released.set()
    server.shutdown()
    server.server_close()


class Edge:
    """A distribution whose functions are those of the test."""

    def __init__(self, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.handlers: dict[str, Handle] = {}
        self.events: list[dict[str, Any]] = []
        monkeypatch.setattr(edge_function, "invoke", self._invoke)
        self.origin: dict[str, Any] = {
            "Id": "api",
            "DomainName": "127.0.0.1",
            "OriginPath": "",
            "CustomHeaders": {"Quantity": 1, "Items": [{"HeaderName": "X-Own", "HeaderValue": "1"}]},
            "CustomOriginConfig": {"OriginProtocolPolicy": "http-only", "HTTPPort": port, "HTTPSPort": 443},
        }
        self.behavior: dict[str, Any] = {
            "TargetOriginId": "api",
            "CachePolicyId": "own",
            "Compress": True,
            "AllowedMethods": {"Items": ALL_METHODS, "CachedMethods": {"Items": ["GET", "HEAD"]}},
        }
        self.config: dict[str, Any] = {
            "Enabled": True,
            "Origins": {"Items": [self.origin]},
            "DefaultCacheBehavior": self.behavior,
        }
        self.policy: dict[str, Any] = {
            "MinTTL": 0,
            "DefaultTTL": 60,
            "MaxTTL": 100,
            "ParametersInCacheKeyAndForwardedToOrigin": {
                "EnableAcceptEncodingGzip": True,
                "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": {"Items": ["X-Release"]}},
                "CookiesConfig": {"CookieBehavior": "whitelist", "Cookies": {"Items": ["c"]}},
                "QueryStringsConfig": {"QueryStringBehavior": "whitelist", "QueryStrings": {"Items": ["q"]}},
            },
        }
        self.policies: dict[str, Any] = {
            **managed_policies.CACHE,
            **managed_policies.ORIGIN_REQUEST,
            **managed_policies.RESPONSE_HEADERS,
            "own": self.policy,
        }
        resource = {
            "ARN": "arn:aws:cloudfront::000000000000:distribution/E1",
            "Id": "E1",
            "DomainName": "localhost:1",
            "DistributionConfig": self.config,
        }
        self.distribution = Distribution(resource, lambda member, it: self.policies.get(str(it.get(member))))

    def on(self, event_type: str, handle: Handle, body: bool = False) -> None:
        """Have a function at an event of the default behavior."""
        self.handlers[event_type] = handle
        association = {"EventType": event_type, "LambdaFunctionARN": event_type, "IncludeBody": body}
        self.behavior.setdefault("LambdaFunctionAssociations", {"Items": []})["Items"].append(association)

    def __call__(self, target: str = "/a", method: str = "GET", body: Any = b"", **headers: Any) -> Response:
        uri, _, query = target.partition("?")
        named = Headers([(name.replace("_", "-"), value) for name, value in headers.items()])
        named.setdefault("Host", "localhost:1")
        return serve(self.distribution, Request(method, uri, query, named, body, "192.0.2.1"))

    def _invoke(self, arn: str, event: bytes) -> tuple[bytes, bool]:
        [record] = json.loads(event)["Records"]
        self.events.append(record["cf"])
        try:
            returned = self.handlers[arn](record["cf"])
        except ZeroDivisionError:
            return b'{"errorMessage": "division by zero"}', True
        return json.dumps(returned).encode(), False


@pytest.fixture
def edge(upstream: int, monkeypatch: pytest.MonkeyPatch) -> Edge:
    return Edge(upstream, monkeypatch)


def said(response: Response) -> str:
    return response.headers["x-cache"].removesuffix(" from cloudfront")


def sent(response: Response) -> dict[str, str]:
    """The headers that the origin was sent."""
    return dict(json.loads(response.body)["headers"])


def test_what_is_fetched_once_is_kept(edge: Edge) -> None:
    first, second = edge(), edge()

    assert (said(first), said(second)) == ("Miss", "Hit")
    assert first.body == second.body
    assert (first.headers.get("age"), second.headers["age"]) == (None, "0")
    assert "cloudfront.net (CloudFront)" in second.headers["via"]
    assert len(second.headers["x-amz-cf-id"]) > 50
    assert second.headers["x-amz-cf-pop"]
    assert Upstream.asked == ["GET /a"]


def test_the_key_is_what_the_policy_names(edge: Edge) -> None:
    def result(target: str = "/a", **headers: str) -> str:
        return said(edge(target, **headers))

    assert result("/a?q=1") == "Miss"
    assert [result("/a?q=1&other=1"), result("/a?q=1", X_Other="1", Cookie="d=1")] == ["Hit", "Hit"]
    differences: list[tuple[str, dict[str, str]]] = [
        ("/a?q=2", {}),
        ("/a?q=1", {"x_release": "next"}),
        ("/a?q=1", {"Cookie": "c=1"}),
        ("/A?q=1", {}),
    ]
    for target, differing in differences:
        assert [result(target, **differing), result(target, **differing)] == ["Miss", "Hit"], target
    assert result("/a?q=1", Cookie="d=2; c=1; e=3") == "Hit"


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({}, True),
        ({"Cache-Control": "max-age=5"}, True),
        ({"Cache-Control": "max-age=0"}, False),
        ({"Cache-Control": "max-age=50, s-maxage=0"}, False),
        ({"Cache-Control": "no-store"}, False),
        ({"Cache-Control": "private, max-age=50"}, False),
        ({"Cache-Control": "No-Cache"}, False),
        ({"Expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, False),
        ({"Expires": "Thu, 01 Jan 2099 00:00:00 GMT"}, True),
        ({"Expires": "0"}, False),
    ],
)
def test_for_how_long_is_the_origins_word(edge: Edge, headers: dict[str, str], kept: bool) -> None:
    Upstream.answers["/a"] = (200, headers, None)

    assert [said(edge()), said(edge())] == ["Miss", "Hit" if kept else "Miss"]


def test_a_policys_bounds_are_above_the_origins_word(edge: Edge) -> None:
    Upstream.answers["/short"] = (200, {"Cache-Control": "no-store"}, None)
    Upstream.answers["/long"] = (200, {"Cache-Control": "max-age=1000"}, None)
    edge.policy |= {"MinTTL": 0.2, "MaxTTL": 0.2}

    assert [said(edge("/short")), said(edge("/short"))] == ["Miss", "Hit"]
    assert said(edge("/long")) == "Miss"
    time.sleep(0.3)
    assert [said(edge("/short")), said(edge("/long"))] == ["Miss", "Miss"]


def test_a_policy_without_caching_keeps_nothing_but_errors(edge: Edge) -> None:
    edge.behavior["CachePolicyId"] = DISABLED
    Upstream.answers["/gone"] = (404, {}, None)
    Upstream.answers["/secret"] = (401, {}, None)

    assert [said(edge()), said(edge())] == ["Miss", "Miss"]
    assert [edge("/gone").status, edge("/gone").status, edge("/secret").status, edge("/secret").status] == [
        *(404, 404, 401, 401)
    ]
    assert Upstream.asked == ["GET /a", "GET /a", "GET /gone", "GET /secret", "GET /secret"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_passed_on_and_never_kept(edge: Edge, method: str) -> None:
    edge()
    for _ in range(2):
        response = edge(method=method, body=b"x", content_type="text/plain")
        assert said(response) == "Miss"
        assert json.loads(response.body)["body"] == "x"
        assert sent(response)["content-type"] == "text/plain"
    assert Upstream.asked == ["GET /a", f"{method} /a", f"{method} /a"]


def test_options_are_kept_where_the_behavior_says_so(edge: Edge) -> None:
    edge.behavior["AllowedMethods"]["CachedMethods"]["Items"] = ["GET", "HEAD", "OPTIONS"]

    assert [said(edge(method="OPTIONS")), said(edge(method="OPTIONS")), said(edge())] == [
        "Miss",
        "Hit",
        "Miss",
    ]


def test_a_method_that_is_not_allowed_is_refused(edge: Edge) -> None:
    edge.behavior["AllowedMethods"] = {"Items": ["GET", "HEAD"]}

    response = edge(method="POST")

    assert (response.status, said(response)) == (403, "Error")
    assert b"not configured to allow the HTTP request method" in response.body
    assert edge(body=b"x").status == 403
    assert Upstream.asked == []


def test_head_is_answered_by_what_get_has_left(edge: Edge) -> None:
    alone = edge(method="HEAD")
    assert (said(alone), alone.body) == ("Miss", b"")
    got = edge()

    response = edge(method="HEAD")

    assert (said(got), said(response)) == ("Miss", "Hit")
    assert response.headers["content-length"] == str(len(got.body))


@pytest.mark.parametrize(
    ("asked", "status", "content", "body"),
    [
        ("bytes=1-3", 206, "bytes 1-3/10", b"123"),
        ("bytes=7-", 206, "bytes 7-9/10", b"789"),
        ("bytes=3-3", 206, "bytes 3-3/10", b"3"),
        ("bytes=-2", 206, "bytes 8-9/10", b"89"),
        ("bytes=5-100", 206, "bytes 5-9/10", b"56789"),
        ("bytes=10-", 416, "bytes */10", b""),
        ("bytes=3-1", 416, "bytes */10", b""),
        ("bytes=0-1,4-5", 200, None, b"0123456789"),
        ("lines=1-2", 200, None, b"0123456789"),
        ("bytes=-", 200, None, b"0123456789"),
    ],
)
def test_ranges(edge: Edge, asked: str, status: int, content: str | None, body: bytes) -> None:
    Upstream.answers["/a"] = (200, {"ETag": '"e"'}, b"0123456789")
    for _ in range(2):
        response = edge(range=asked)
        assert (response.status, response.headers.get("content-range")) == (status, content)
        assert response.body == body
        assert response.headers["content-length"] == str(len(body))
    assert len(Upstream.asked) == 1
    assert edge(range="bytes=1-3", if_range='"other"').status == 200


def test_large_text_is_compressed_for_who_takes_it(edge: Edge) -> None:
    Upstream.answers["/a"] = (200, {"ETag": '"e"'}, b'"' + b"x" * 2000 + b'"')
    Upstream.answers["/b.png"] = (200, {"Content-Type": "image/png"}, b"x" * 2000)

    packed = edge(accept_encoding="br, gzip;q=0.5")

    assert gzip.decompress(packed.body) == Upstream.answers["/a"][2]
    assert (packed.headers["content-encoding"], packed.headers["etag"]) == ("gzip", 'W/"e"')
    assert said(edge(accept_encoding="gzip")) == "Hit"
    for encoding in ("identity", "gzip;q=0"):
        assert "content-encoding" not in edge(accept_encoding=encoding).headers
    assert "content-encoding" not in edge("/b.png", accept_encoding="gzip").headers
    assert sent(edge("/small", accept_encoding="gzip, br"))["accept-encoding"] == "gzip"


def test_paths_are_forgotten(edge: Edge) -> None:
    for target in ("/a", "/a?q=1", "/b/c", "/b/d"):
        edge(target)

    edge.distribution.cache.invalidate(["/a?q=1", "/b/*"])

    results = {target: said(edge(target)) for target in ("/a", "/a?q=1", "/b/c", "/b/d")}
    assert results == {"/a": "Hit", "/a?q=1": "Miss", "/b/c": "Miss", "/b/d": "Miss"}
    edge.distribution.cache.invalidate(["/*"])
    assert said(edge()) == "Miss"


def test_what_was_asked_for_before_is_not_stored_after(edge: Edge) -> None:
    def release(cf: dict[str, Any]) -> Any:
        edge.distribution.cache.invalidate(["/*"])
        return cf["response"]

    edge.on("origin-response", release)
    edge()
    edge.handlers["origin-response"] = lambda cf: cf["response"]

    assert [said(edge()), said(edge())] == ["Miss", "Hit"]


def test_the_oldest_make_room(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_MOST", 2)

    assert [said(edge(path)) for path in ("/a", "/b", "/c", "/b", "/c", "/a")] == [
        *("Miss", "Miss", "Miss", "Hit", "Hit", "Miss")
    ]


def test_the_origin_is_sent_what_policies_name(edge: Edge) -> None:
    found = json.loads(
        edge(
            "/a?x=1&q=2&y", Cookie="c=1; d=2", X_Release="live", Authorization="secret", X_Own="spoofed"
        ).body
    )
    headers = dict(found["headers"])

    assert found["path"] == "/a?q=2"
    assert (headers["cookie"], headers["x-release"], headers["x-own"]) == ("c=1", "live", "1")
    assert headers["user-agent"] == "Amazon CloudFront"
    assert headers["x-forwarded-for"] == "192.0.2.1"
    assert headers["host"] == "127.0.0.1"
    assert "CloudFront" in headers["via"]
    assert not {"authorization", "accept-encoding"} & headers.keys()
    assert "cookie" not in sent(edge("/b", Cookie="d=2"))


@pytest.mark.parametrize("policy", [ALL_VIEWER, EXCEPT_HOST])
def test_all_of_a_viewer_is_sent(edge: Edge, policy: str) -> None:
    edge.behavior |= {"CachePolicyId": DISABLED, "OriginRequestPolicyId": policy}

    response = edge(
        "/a?x=1&q=%2F&x=1",
        Cookie="c=1; d=2",
        User_Agent="me",
        Authorization="token",
        Connection="x-hop",
        X_Hop="1",
        X_Forwarded_For="203.0.113.9",
        Accept_Encoding="br",
    )

    headers = sent(response)
    assert json.loads(response.body)["path"] == "/a?x=1&q=%2F&x=1"
    assert (headers["cookie"], headers["user-agent"], headers["authorization"]) == ("c=1; d=2", "me", "token")
    assert (headers["x-forwarded-for"], headers["accept-encoding"]) == ("203.0.113.9, 192.0.2.1", "br")
    assert headers["host"] == ("localhost:1" if policy == ALL_VIEWER else "127.0.0.1")
    assert "x-hop" not in headers


def test_two_people_never_see_each_others_answer(edge: Edge) -> None:
    edge.behavior |= {"CachePolicyId": DISABLED, "OriginRequestPolicyId": EXCEPT_HOST}

    answers = [sent(edge(Authorization=person))["authorization"] for person in ("ann", "bob", "ann")]

    assert answers == ["ann", "bob", "ann"]


def test_forty_parameters_and_repeated_headers_arrive(edge: Edge) -> None:
    edge.behavior |= {"CachePolicyId": DISABLED, "OriginRequestPolicyId": EXCEPT_HOST}
    query = "&".join(f"p{number}={number}" for number in range(40))
    headers = Headers([("Host", "localhost:1"), ("X-A", "1"), ("X-A", "2")])

    response = serve(edge.distribution, Request("GET", "/a", query, headers))

    found = json.loads(response.body)
    assert found["path"] == f"/a?{query}"
    assert [value for name, value in found["headers"] if name == "x-a"] == ["1", "2"]


@pytest.mark.parametrize(
    ("target", "headers"), [("/" + "a" * 8192, {}), ("/a?" + "b" * 9000, {}), ("/a", {"x_a": "a" * 33_000})]
)
def test_what_is_too_long_is_refused(edge: Edge, target: str, headers: dict[str, str]) -> None:
    response = edge(target, **headers)

    assert (response.status, said(response)) == (413, "Error")
    assert Upstream.asked == []


@pytest.mark.parametrize(
    ("path", "origin"),
    [
        ("/api/x", "api"),
        ("/API/x", "site"),
        ("/api", "site"),
        ("/x.jpg", "api"),
        ("/x/y.jpg", "api"),
        ("/f1", "api"),
        ("/f12", "site"),
        ("/api/../x", "site"),
        ("/x/%2e%2E/api/y", "api"),
        ("//api/x", "api"),
        ("/api/..%2fx", "api"),
    ],
)
def test_the_first_pattern_that_takes_the_path_decides(edge: Edge, path: str, origin: str) -> None:
    own = {**edge.origin, "Id": "own", "OriginPath": "/own"}
    edge.config["Origins"]["Items"].append(own)
    patterns = ("/api/*", "*.jpg", "f?")
    behaviors = [{**edge.behavior, "PathPattern": pattern, "TargetOriginId": "own"} for pattern in patterns]
    edge.config["CacheBehaviors"] = {"Items": behaviors}

    edge(path)

    [asked] = Upstream.asked
    assert asked.lower() == f"get {'/own' if origin == 'api' else ''}{path}".lower()


def test_the_root_is_the_distributions_page(edge: Edge) -> None:
    edge.config["DefaultRootObject"] = "index.html"

    edge("/")
    edge("/b/")

    assert Upstream.asked == ["GET /index.html", "GET /b/"]


def test_an_origin_that_is_down_or_slow(edge: Edge) -> None:
    edge.origin["CustomOriginConfig"]["OriginReadTimeout"] = 0.2
    slow = edge("/slow")
    assert (slow.status, said(slow)) == (504, "Error")
    assert edge("/slow").status == 504
    assert Upstream.asked == ["GET /slow"]  # the error is kept, too

    edge.origin["CustomOriginConfig"]["HTTPPort"] = 1
    down = edge("/down")

    assert (down.status, said(down), down.headers["server"]) == (502, "Error", "CloudFront")
    assert b"The request could not be satisfied" in down.body


def test_errors_are_kept_for_as_long_as_their_rule_says(edge: Edge) -> None:
    Upstream.answers |= {
        "/gone": (404, {"Cache-Control": "no-store"}, b"gone"),
        "/bad": (400, {}, None),
        "/told": (400, {"Cache-Control": "max-age=9"}, None),
        "/broken": (500, {}, None),
    }
    Upstream.answers["/longer"] = (404, {"Cache-Control": "max-age=50"}, None)
    minimum = [{"ErrorCode": code, "ErrorCachingMinTTL": 0} for code in (500, 404)]
    edge.config["CustomErrorResponses"] = {"Items": minimum[:1]}
    for path in (*Upstream.answers, *Upstream.answers):
        assert said(edge(path)) == "Error"

    asked = {path: Upstream.asked.count(f"GET {path}") for path in Upstream.answers}
    assert asked == {"/gone": 1, "/bad": 2, "/told": 1, "/broken": 2, "/longer": 1}
    edge.config["CustomErrorResponses"] = {"Items": minimum}
    edge.distribution.cache.invalidate(["/*"])
    results = [said(edge(path)) for path in ("/gone", "/gone", "/longer", "/longer")]
    assert results == ["Error"] * 4
    assert [Upstream.asked.count(f"GET {path}") for path in ("/gone", "/longer")] == [3, 2]


def test_an_error_has_the_distributions_page(edge: Edge) -> None:
    Upstream.answers |= {
        "/gone": (404, {}, b"<Error>NoSuchKey</Error>"),
        "/down": (503, {}, b"down"),
        "/page.html": (200, {"Content-Type": "text/html"}, b"<p>page"),
    }
    rules = [
        {"ErrorCode": 404, "ResponsePagePath": "/page.html", "ResponseCode": "200", "ErrorCachingMinTTL": 0},
        {"ErrorCode": 503, "ResponsePagePath": "/none.html", "ResponseCode": "", "ErrorCachingMinTTL": 0},
    ]
    Upstream.answers["/none.html"] = (404, {}, b"none")
    edge.config["CustomErrorResponses"] = {"Items": rules}
    edge.on("viewer-response", lambda cf: {**cf["response"], "headers": {}})

    found = edge("/gone")

    assert (found.status, found.body, said(found)) == (200, b"<p>page", "Error")
    assert found.headers["content-type"] == "text/html"
    assert (edge("/down").status, edge("/down").body) == (503, b"down")
    assert edge.events == []


def test_a_response_headers_policy(edge: Edge) -> None:
    edge.behavior["ResponseHeadersPolicyId"] = "headers"
    policy = {
        "RemoveHeadersConfig": {"Items": [{"Header": "X-Secret"}]},
        "CustomHeadersConfig": {
            "Items": [
                {"Header": "X-Mine", "Value": "policy", "Override": True},
                {"Header": "X-Theirs", "Value": "policy", "Override": False},
            ]
        },
        "SecurityHeadersConfig": {
            "ContentSecurityPolicy": {"ContentSecurityPolicy": "default-src 'none'", "Override": True},
            "StrictTransportSecurity": {
                "AccessControlMaxAgeSec": 9,
                "IncludeSubdomains": True,
                "Preload": True,
                "Override": True,
            },
        },
    }
    edge.policies["headers"] = policy
    Upstream.answers["/a"] = (200, {"X-Secret": "1", "X-Mine": "origin", "X-Theirs": "origin"}, None)
    Upstream.answers["/gone"] = (404, {}, None)

    found = edge().headers

    assert "x-secret" not in found
    assert (found["x-mine"], found["x-theirs"]) == ("policy", "origin")
    assert found["content-security-policy"] == "default-src 'none'"
    assert found["strict-transport-security"] == "max-age=9; includeSubDomains; preload"
    assert edge("/gone").headers["x-mine"] == "policy"

    def viewer(cf: dict[str, Any]) -> Any:
        [mine] = cf["response"]["headers"]["x-mine"]
        mine["value"] = f"{mine['value']} and function"
        return cf["response"]

    edge.on("viewer-response", viewer)
    assert edge().headers["x-mine"] == "policy and function"


def test_the_managed_policy_for_security(edge: Edge) -> None:
    edge.behavior["ResponseHeadersPolicyId"] = SECURITY

    found = edge().headers

    assert (found["x-content-type-options"], found["x-frame-options"]) == ("nosniff", "SAMEORIGIN")
    assert found["x-xss-protection"] == "1; mode=block"
