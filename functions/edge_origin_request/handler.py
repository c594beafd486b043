"""CloudFront's origin request: the path as the origin has it."""

from collections.abc import Mapping
from typing import Any

from edge_origin_request.origin_path import origin_path


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """The request, with the path of the release's file, or of the API's resource.

    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html
    """
    request = event["Records"][0]["cf"]["request"]
    return {**request, "uri": origin_path(request)}
