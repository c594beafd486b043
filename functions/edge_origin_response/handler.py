"""CloudFront's origin response: how long it may be kept, and a page for people where something is wrong."""

from collections.abc import Mapping
from typing import Any

from edge_origin_response.api import api_response
from edge_origin_response.site import site_response


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """The response as it is to be kept.

    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html
    """
    cf = event["Records"][0]["cf"]
    if "s3" in cf["request"]["origin"]:
        return site_response(cf["request"], cf["response"], cf["config"]["requestId"])
    return api_response(cf["request"], cf["response"])
