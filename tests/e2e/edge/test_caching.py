"""What is kept, for how long, and what never is."""

import gzip
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from support.system import poll

Ask = Callable[..., Any]


@pytest.fixture
def forget(outputs: dict[str, Any], aws: Callable[[str], Any]) -> Callable[[str], None]:
    """Have the distribution forget a path."""
    cloudfront, distribution = aws("cloudfront"), outputs["site"]["distribution_id"]

    def forgotten(path: str) -> None:
        batch = {"Paths": {"Quantity": 1, "Items": [path]}, "CallerReference": str(uuid.uuid4())}
        made = cloudfront.create_invalidation(DistributionId=distribution, InvalidationBatch=batch)
        waiter = cloudfront.get_waiter("invalidation_completed")
        waiter.wait(DistributionId=distribution, Id=made["Invalidation"]["Id"])

    return forgotten


def until_hit(ask: Ask, path: str, **options: Any) -> Any:
    """Ask until it comes from the cache: each of an edge location's servers has one of its own."""

    def hit() -> Any:
        answer = ask(path, **options)
        assert answer.status_code == 200
        return answer if answer.headers["X-Cache"] == "Hit from cloudfront" else None

    return poll(hit, f"{path} from the cache", seconds=30)


def test_a_page_is_fetched_once_and_then_kept_for_every_address_of_it(
    ask: Ask, forget: Callable[[str], None]
) -> None:
    forget("/index.html")
    fetched = ask("/charts")
    assert fetched.headers["X-Cache"] == "Miss from cloudfront"
    assert "cdn-cache;desc=MISS" in fetched.headers["Server-Timing"]
    assert fetched.headers["Cache-Control"] == "public, max-age=0, s-maxage=60, must-revalidate"
    for path in ("/charts", "/reports/some-report", "/?a=b", f"/callback?code={uuid.uuid4()}"):
        kept = until_hit(ask, path, headers={"Cookie": "theme=dark"})
        assert 0 <= int(kept.headers["Age"]) <= 60
        assert "cdn-cache;desc=HIT" in kept.headers["Server-Timing"]
        assert (kept.content, kept.headers["ETag"]) == (fetched.content, fetched.headers["ETag"])


def test_testers_and_everybody_else_share_no_page(ask: Ask, forget: Callable[[str], None]) -> None:
    tester = {"Cookie": "release=next"}
    forget("/index.html")
    until_hit(ask, "/")
    assert ask("/", headers=tester).headers["X-Cache"] == "Miss from cloudfront"
    assert "release;desc=next" in until_hit(ask, "/", headers=tester).headers["Server-Timing"]
    assert "release;desc=live" in until_hit(ask, "/").headers["Server-Timing"]


def test_an_asset_is_kept_for_good_by_everybody(ask: Ask, asset: str) -> None:
    for query in ("", "?v=1", "?release=next"):
        kept = until_hit(ask, asset + query)
        assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in kept.headers


def test_text_is_packed_for_who_takes_it(ask_raw: Ask, asset: str) -> None:
    plain, packed = ask_raw(asset), ask_raw(asset, "Accept-Encoding: gzip")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body


def test_settings_are_kept_as_briefly_as_pages(ask: Ask) -> None:
    answer = until_hit(ask, "/settings.json")
    assert answer.headers["Cache-Control"] == ask("/").headers["Cache-Control"]
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("path", "status"),
    [("/no/such/page", 404), ("/assets/none/main.js", 404), ("/a/../b", 400), ("/charts%00", 400)],
)
def test_an_error_is_never_kept(ask_raw: Ask, path: str, status: int) -> None:
    for _ in range(3):
        answer = ask_raw(path)
        assert answer.status == status
        assert "Hit" not in answer.headers["X-Cache"]
        assert "Age" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_file_is_found_as_soon_as_it_is_there(
    ask: Ask, outputs: dict[str, Any], aws: Callable[[str], Any]
) -> None:
    """Nobody remembers that it was missing."""
    s3, bucket = aws("s3"), outputs["site"]["bucket"]
    path = f"/assets/e2e-{uuid.uuid4()}/late.txt"
    assert ask(path).status_code == 404
    s3.put_object(Bucket=bucket, Key=path[1:], Body=b"here", ContentType="text/plain")
    try:
        assert ask(path).text == "here"
    finally:
        s3.delete_object(Bucket=bucket, Key=path[1:])
