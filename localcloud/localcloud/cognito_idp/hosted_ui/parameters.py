"""The parameters of a request, as OAuth 2.0 reads them."""

from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

type Parameters = MultiDict[str, str]


class RepeatedParameterError(ValueError):
    """A parameter is there more than once."""


def optional(parameters: Parameters, name: str) -> str | None:
    """The value of a parameter; none if it is missing or empty, which is the same (RFC 6749, section 3.1).

    Raises:
        RepeatedParameterError: It is there more than once.
    """
    values = parameters.getlist(name)
    if len(values) > 1:
        raise RepeatedParameterError
    return (values or [""])[0] or None


def as_query(parameters: Parameters) -> str:
    """The parameters as a query string, for the next page of the same request."""
    return urlencode(list(parameters.items(multi=True)))
