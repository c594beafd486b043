"""CloudFront's viewer response: what browsers are to enforce, and the tester's cookie."""

from collections.abc import Mapping
from typing import Any

from edge_viewer_response.response import viewer_response


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """The response as the viewer gets it, whether it was kept or fetched.

    CloudFront does not come here with an error of an origin, nor with an answer of the viewer request. For
    those, and for assets, the distribution's response headers policy says the same.

    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html
    """
    cf = event["Records"][0]["cf"]
    return viewer_response(cf["request"], cf["response"], cf["config"]["requestId"])
