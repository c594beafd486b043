"""What becomes of a viewer's request."""

from collections.abc import Mapping
from typing import Any

from edge_viewer_request.answers import redirect, refusal
from edge_viewer_request.paths import PAGE_FILE, canonical_page, is_api, is_refused
from edge_viewer_request.query import release_choice, sorted_query
from edge_viewer_request.release import headers_with_release


def route(request: Mapping[str, Any]) -> dict[str, Any]:
    """The request to go on with, or the response to give instead.

    The APIs get every parameter, since they refuse unknown ones themselves. The site's files know none: what
    a page reads of its query, it reads in the browser.
    """
    uri, query, headers = request["uri"], request["querystring"], request["headers"]
    if is_refused(uri):
        return refusal()
    if is_api(uri):
        return {
            **request,
            "querystring": sorted_query(query),
            "headers": headers_with_release(headers, choice=None),
        }
    page = canonical_page(uri)
    if page not in (None, uri):
        return redirect(f"{page}?{query}" if query else str(page))
    return {
        **request,
        "uri": PAGE_FILE if page else uri,
        "querystring": "",
        "headers": headers_with_release(headers, release_choice(query) if page else None),
    }
