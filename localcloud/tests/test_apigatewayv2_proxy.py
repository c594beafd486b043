"""Parameter mapping and the HTTP proxy of an HTTP API, against a real upstream."""

import json
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rolo import Request
from werkzeug.datastructures import Headers

from localcloud.apigatewayv2.data_plane import invoke_stage
from localcloud.apigatewayv2.errors import HttpApiError
from localcloud.apigatewayv2.http_integration import MAX_HOPS, call_upstream, upstream_url
from localcloud.apigatewayv2.invocation import HttpApi, Invocation
from localcloud.apigatewayv2.parameter_mapping import MappedRequest, map_request, map_response
from localcloud.apigatewayv2.response import Response

STAGE = {"stageName": "$default", "stageVariables": {"host": "upstream.test"}}
API = HttpApi("000000000000", "us-east-1", "abc", None, False, (), {}, {}, {"$default": STAGE})

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12)


def invocation(
    path: str = "/partners/a/b",
    query: str = "",
    headers: Mapping[str, str] | list[tuple[str, str]] = (),  # type: ignore[assignment]
    body: bytes = b"",
    method: str = "GET",
) -> Invocation:
    request = Request(method, path, Headers(headers), body, query_string=query, remote_addr="192.0.2.1")
    found = invoke_stage(API, request, path)
    assert found
    found.route = {"routeKey": "ANY /partners/{proxy+}"}
    found.path_parameters = {"proxy": unquote(path.removeprefix("/partners/"))}
    return found


def mapped(template: str, **request: Any) -> str | None:
    """What a header is overwritten with."""
    return map_request(invocation(**request), {"overwrite:header.x-new": template}).headers.get("x-new")


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("static", "static"),
        ("$request.header.X-A", "1,2"),
        ("$request.querystring.q", "3,4"),
        ("$request.querystring.Q", None),
        ("$request.path.proxy", "a/b"),
        ("$request.path", "/partners/a/b"),
        ("$request.body.pets[1].name", "Rex"),
        ("$request.body.pets[0].age", "7"),
        ("$request.body.pets[9].name", None),
        ("$stageVariables.host", "upstream.test"),
        ("$context.authorizer.claims.client_id", "machine"),
        ("$context.stage", "$default"),
        ("${context.stage}-${request.header.none}-$request.path.proxy.", "$default--a/b."),
        ("$unknown.thing", "$unknown.thing"),
    ],
)
def test_values(template: str, value: str | None) -> None:
    request = invocation(
        query="q=3&q=4", headers=[("x-a", "1"), ("X-A", "2")], body=b'{"pets":[{"age":7},{"name":"Rex"}]}'
    )
    request.authorizer = {"jwt": {"claims": {"client_id": "machine"}}}

    headers = map_request(request, {"overwrite:header.x-new": template}).headers

    assert headers.get("x-new") == value


def test_a_header_cannot_stand_in_for_a_value_that_is_missing() -> None:
    assert mapped("$context.authorizer.claims.client_id", headers={"x-new": "spoofed"}) is None


def test_a_caller_cannot_take_a_mapped_header_away() -> None:
    assert mapped("set", headers={"connection": "x-new", "x-new": "spoofed"}) == "set"


def test_request_parameters() -> None:
    request = invocation(query="a=1&secret=2&a=3", headers={"x-old": "1", "x-more": "1", "x-amz-date": "d"})

    found = map_request(
        request,
        {
            "remove:header.X-Old": "''",
            "append:header.x-more": "2",
            "overwrite:header.x-amz-date": "never",
            "remove:querystring.secret": "''",
            "overwrite:querystring.a": "4 5",
            "append:querystring.b": "$request.querystring.a",
            "overwrite:path": "/new/$request.path.proxy",
        },
    )

    assert "x-old" not in found.headers
    assert found.headers.getlist("x-more") == ["1", "2"]
    assert found.headers["x-amz-date"] == "d"
    assert parse_qsl(found.query) == [("a", "4 5"), ("b", "1,3")]
    assert found.path == "/new/a/b"


@given(st.text(st.characters(codec="ascii", exclude_characters="#"), max_size=20))
def test_a_query_that_is_not_mapped_is_passed_on_as_it_came(query: str) -> None:
    assert map_request(invocation(query=query), {"overwrite:header.x": "y"}).query == query


def test_response_parameters_are_those_of_the_status() -> None:
    parameters = {
        "200": {
            "overwrite:header.x-id": "$response.body.id",
            "append:header.x-a": "$response.header.x-a",
            "remove:header.x-secret": "''",
            "overwrite:statuscode": "202",
        },
        "404": {"overwrite:statuscode": "$response.header.x-a"},
    }
    headers = Headers({"x-a": "1", "x-secret": "s"})

    changed = map_response(invocation(), parameters, Response(200, headers, b'{"id": 5}'))

    assert (changed.status, changed.headers["x-id"], changed.headers.getlist("x-a")) == (202, "5", ["1", "1"])
    assert "x-secret" not in changed.headers
    assert map_response(invocation(), parameters, Response(500, headers)).headers == headers
    with pytest.raises(HttpApiError, match="Internal Server Error"):
        map_response(invocation(), parameters, Response(404, headers))


def url(uri: str, request: Invocation, path: str | None = None) -> str:
    return upstream_url(request, uri, MappedRequest(Headers(), request.raw_query, path))


@given(st.lists(texts.filter(lambda text: text not in ("", ".", "..")), min_size=1, max_size=3))
def test_the_rest_of_the_path_stays_one_path(segments: list[str]) -> None:
    path = "/".join(quote(segment, safe="") for segment in segments)

    found = urlsplit(url("http://up.test/base/{proxy}", invocation(f"/partners/{path}", "q=1")))

    assert unquote(found.path) == "/base/" + "/".join(segments)
    assert (found.netloc, found.query) == ("up.test", "q=1")


@pytest.mark.parametrize("path", ["..", "a/../../b", "%2e%2e/x", "a/.%2e"])
def test_a_path_cannot_leave_the_upstreams(path: str) -> None:
    with pytest.raises(HttpApiError, match="Bad Request"):
        url("http://up.test/base/{proxy}", invocation(f"/partners/{path}"))


def test_other_addresses() -> None:
    request = invocation("/partners/a%20b", "q=%20")

    assert url("https://${stageVariables.host}/x?y=1", request) == "https://upstream.test/x?y=1&q=%20"
    assert url("https://up.test/x", request, "z z") == "https://up.test/z%20z?q=%20"
    request.route = {"routeKey": "$default"}
    assert url("https://up.test/x/", request) == "https://up.test/x/partners/a%20b?q=%20"


class Upstream(BaseHTTPRequestHandler):
    """Answers what it was sent; `/redirect` elsewhere, `/slow` when it is told to, `/drip` bit by bit."""

    released = Event()

    def do_PUT(self) -> None:
        if self.path == "/slow":
            self.released.wait(30)
        while self.path == "/drip" and not self.released.wait(0.02):
            self.send_response(100)
            self.end_headers()
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        sent = json.dumps([self.path, [list(pair) for pair in self.headers.items()], body.decode()]).encode()
        self.send_response(302 if self.path == "/redirect" else 200)
        for name, value in (
            ("Location", "http://127.0.0.1:1/"),
            ("Connection", "x-hop"),
            ("X-Hop", "1"),
            ("Set-Cookie", "a=1"),
            ("Set-Cookie", "b=2"),
            ("Content-Length", str(len(sent))),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def upstream() -> Iterator[str]:
    Upstream.released.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    Upstream.released.set()
    server.shutdown()
    server.server_close()


def send(uri: str, request: Invocation, **settings: Any) -> Response:
    integration = {"integrationUri": uri, "integrationMethod": "ANY", **settings}
    return call_upstream(request, integration, map_request(request, {}))


def test_a_request_is_passed_on_without_the_headers_of_its_connection(upstream: str) -> None:
    headers = {"host": "api.test", "x-a": "1", "connection": "close, x-b", "x-b": "2", "te": "trailers"}
    request = invocation("/partners/a%2Fb", "q=+", headers, b"body", "PUT")

    response = send(f"{upstream}/{{proxy}}", request)

    path, sent, body = json.loads(response.body)
    received = {name.lower(): value for name, value in sent}
    assert (path, body) == ("/a/b?q=+", "body")
    assert received["x-a"] == "1"
    assert received["host"] in upstream
    assert received["via"] == "HTTP/1.1 AmazonAPIGateway"
    assert "for=192.0.2.1;host=abc.execute-api." in received["forwarded"]
    assert received.keys().isdisjoint({"x-b", "te", "connection", "user-agent", "accept-encoding"})
    assert response.headers.getlist("set-cookie") == ["a=1", "b=2"]
    assert not {"x-hop", "connection", "content-length"} & {name.lower() for name, _ in response.headers}


def test_a_redirect_is_the_callers(upstream: str) -> None:
    response = send(f"{upstream}/redirect", invocation(method="PUT"))

    assert (response.status, response.headers["location"]) == (302, "http://127.0.0.1:1/")


def test_an_upstream_that_is_slow_or_gone_is_unavailable(upstream: str) -> None:
    for uri in (f"{upstream}/slow", f"{upstream}/drip", "http://127.0.0.1:1/"):
        with pytest.raises(HttpApiError) as refused:
            send(uri, invocation(method="PUT"), timeoutInMillis=100)
        assert refused.value.status == 503


def test_a_loop_ends(upstream: str) -> None:
    via = ", ".join(["HTTP/1.1 AmazonAPIGateway"] * (MAX_HOPS - 1))
    response = send(upstream, invocation(headers={"via": via}, method="PUT"))
    received = dict(json.loads(response.body)[1])

    with pytest.raises(HttpApiError, match="Internal Server Error"):
        send(upstream, invocation(headers={"via": received["via"]}, method="PUT"))
