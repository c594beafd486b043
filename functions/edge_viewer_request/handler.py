"""CloudFront's viewer request: one address and one query for one thing, and the release that serves it."""

from collections.abc import Mapping
from typing import Any

from edge_viewer_request.route import route


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """The request as the cache is to see it, or an answer at once: a redirect, or a refusal.

    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html
    """
    return route(event["Records"][0]["cf"]["request"])
