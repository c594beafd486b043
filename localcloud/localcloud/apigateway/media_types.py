"""Chooses templates and models by media type, with parameters and letter case set aside.

Sources:
https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html and
https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
"""

from collections.abc import Iterable

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

JSON = "application/json"


def media_type(content_type: str | None) -> str:
    """`Application/JSON; charset=utf-8` is `application/json`, and so is no content type at all."""
    return (content_type or "").partition(";")[0].strip().lower() or JSON


def choose_type(accept: str | None, offered: Iterable[str]) -> str:
    """Choose the type of a response.

    Args:
        accept: The request's Accept header.
        offered: The media types there are templates for, at least one.

    Returns:
        str: The one that Accept likes best; JSON among equals and where it likes none, else the first.
    """
    choices = sorted(offered, key=lambda choice: media_type(choice) != JSON)
    liked = parse_accept_header(accept or None, MIMEAccept).best_match(choices)
    return liked or choices[0]
