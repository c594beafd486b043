"""The page for an error of the origin."""

from http import HTTPStatus

_WORDS = {
    HTTPStatus.NOT_FOUND: ("There is nothing here", "Check the link, or begin at the start."),
    HTTPStatus.PRECONDITION_FAILED: ("It has changed", "Load the page again."),
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: ("It is not that long", "Load the page again."),
    HTTPStatus.BAD_GATEWAY: ("The site cannot be reached", "Try again in a moment."),
    HTTPStatus.SERVICE_UNAVAILABLE: ("The site is busy", "Try again in a moment."),
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title} · Dragons</title>
<style>
:root {{ color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif }}
main {{ max-width: 32rem; margin: 20vh auto 0; padding: 0 1.5rem }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{words}</p>
<p><a href="/">To the dragons</a></p>
</main>
</body>
</html>
"""


def page(status: HTTPStatus) -> str:
    """The page for a status, in HTML; nothing of a request is in it."""
    title, words = _WORDS[status]
    return _PAGE.format(title=title, words=words)
