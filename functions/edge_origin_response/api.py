"""The APIs' responses."""

from collections.abc import Mapping
from typing import Any

_CACHE_CONTROL = "cache-control"


def api_response(request: Mapping[str, Any], response: Mapping[str, Any]) -> dict[str, Any]:
    """The response as it came; what an API says nothing of, and may be one person's alone, nobody keeps."""
    headers = response["headers"]
    is_private = request["method"] not in ("GET", "HEAD") or "authorization" in request["headers"]
    if _CACHE_CONTROL in headers or not is_private:
        return dict(response)
    kept_by_nobody = {_CACHE_CONTROL: [{"key": "Cache-Control", "value": "private, no-store"}]}
    return {**response, "headers": {**headers, **kept_by_nobody}}
