"""A server that responds with what it was sent: an upstream for the tests of the HTTP API's proxy.

It is at `/_localcloud/echo/<path>` for every verb, and logs nothing. As a handler before LocalStack's own
CORS check it serves requests of any origin, whose pages may not read the response.
"""

from typing import Any

from localstack.aws import handlers

from localcloud.gateway.received_request import received_path

PREFIX = "/_localcloud/echo"


def echo(chain: Any, context: Any, response: Any) -> None:
    """Respond with the request as JSON, if it is for this server.

    It gives `method`, `path` (after the prefix) and `query` as received, `headers` (names in lower case,
    values joined by commas) and `body`, in which what is not UTF-8 is replaced.
    """
    request, path = context.request, received_path(context.request)
    if not f"{path}/".startswith(f"{PREFIX}/"):
        return
    response.set_json(
        {
            "method": request.method,
            "path": path.removeprefix(PREFIX) or "/",
            "query": request.query_string.decode("latin-1"),
            "headers": {name.lower(): ",".join(request.headers.getlist(name)) for name, _ in request.headers},
            "body": request.get_data().decode(errors="replace"),
        }
    )
    chain.terminate()  # LocalStack would add that any origin may read it, the browser's cookies included


def apply() -> None:
    """Put the handler into LocalStack's chain."""
    handlers.preprocess_request.append(echo)
