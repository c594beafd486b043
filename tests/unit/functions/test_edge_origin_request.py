"""A path as the origin has it: of the release's folder, or without the distribution's prefix."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from edge_origin_request.handler import handler
from support import edge

FIXTURES = Path(__file__).parents[2] / "fixtures/events/edge_origin_request"
LIVE, NEXT = "0123456789ab", "ba9876543210"


def fixture(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text())


def ask(name: str, release: str | None = None, *, uri: str = "", **told: str | None) -> dict[str, Any]:
    """Ask an origin, whose custom headers may be others, or not there."""
    event = fixture(name)
    request = event["Records"][0]["cf"]["request"]
    request["uri"] = uri or request["uri"]
    request["headers"].pop("x-release", None)
    if release is not None:
        request["headers"]["x-release"] = [{"key": "X-Release", "value": release}]
    [origin] = request["origin"].values()
    for key, value in told.items():
        header = key.replace("_", "-")
        del origin["customHeaders"][header]
        if value is not None:
            origin["customHeaders"][header] = [{"key": header, "value": value}]
    return handler(event, None)


@pytest.mark.parametrize(
    ("release", "folder"),
    [("live", LIVE), ("next", NEXT), (None, LIVE), ("", LIVE), ("other", LIVE), ("NEXT", LIVE)],
)
@pytest.mark.parametrize("uri", ["/index.html", "/settings.json", "/errors/404.html", "/assetsx/a", "/"])
def test_a_file_of_the_site_is_in_the_folder_of_the_release(
    uri: str, release: str | None, folder: str
) -> None:
    assert ask("page", release, uri=uri)["uri"] == f"/{folder}{uri}"


def test_without_a_next_release_a_tester_gets_the_live_one() -> None:
    assert ask("page", "next", x_folder_next="none")["uri"] == f"/{LIVE}/index.html"
    assert ask("page", "next", x_folder_next=None)["uri"] != f"/{NEXT}/index.html"


@pytest.mark.parametrize("live", ["none", None])
def test_without_any_release_there_is_no_file(live: str | None) -> None:
    assert ask("page", "live", x_folder_live=live)["uri"] == "/none/index.html"


@pytest.mark.parametrize("release", ["live", "next", None])
def test_an_asset_is_beside_the_releases(release: str | None) -> None:
    assert ask("asset", release)["uri"] == "/assets/5d41402abc4b/app.js"


@pytest.mark.parametrize(
    ("name", "uri", "path"),
    [
        ("rest_api", "/api/dragons", "/dragons"),
        ("rest_api", "/api/", "/"),
        ("rest_api", "/api/api/dragons", "/api/dragons"),
        ("rest_api", "/api/assets/x", "/assets/x"),
        ("rest_api", "/apis/dragons", "/apis/dragons"),
        ("http_api", "/http/reviews", "/reviews"),
        ("http_api", "/api/reviews", "/api/reviews"),
    ],
)
def test_an_api_knows_no_prefix(name: str, uri: str, path: str) -> None:
    assert ask(name, "live", uri=uri)["uri"] == path


def test_an_api_without_a_prefix_has_the_path_as_it_is() -> None:
    assert ask("rest_api", x_prefix=None)["uri"] == "/api/dragons"


@pytest.mark.parametrize("name", ["page", "asset", "rest_api", "http_api"])
def test_nothing_but_the_path_is_another(name: str) -> None:
    event = fixture(name)
    answer = handler(copy.deepcopy(event), None)
    request = event["Records"][0]["cf"]["request"]
    assert {**answer, "uri": ""} == {**request, "uri": ""}, "x-release goes on to the APIs"


@given(edge.origin_requests())
def test_a_viewer_never_leaves_the_releases_and_the_assets(event: dict[str, Any]) -> None:
    request = event["Records"][0]["cf"]["request"]
    uri = handler(event, None)["uri"]
    assert uri.startswith("/")
    if "s3" in request["origin"]:
        assert uri.split("/")[1] in {"assets", "0123456789ab", "none"}
        assert uri.endswith(request["uri"])
