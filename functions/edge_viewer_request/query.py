"""Queries: sorted for the cache's key, each parameter as it came."""

from urllib.parse import unquote_plus

RELEASE = "release"
RELEASES = ("live", "next")


def sorted_query(query: str) -> str:
    """A query by name, then by value, without the release.

    A parameter keeps its own way of encoding, since to decode and encode it again may say something else.
    """
    return "&".join(sorted((each for each in _parameters(query) if _decoded(each)[0] != RELEASE), key=_order))


def release_choice(query: str) -> str | None:
    """The release that somebody asks for by `?release=`; None where it is no release's name."""
    pairs = map(_decoded, _parameters(query))
    return next((value for name, value in pairs if name == RELEASE and value in RELEASES), None)


def _parameters(query: str) -> list[str]:
    return [each for each in query.split("&") if each]


def _decoded(parameter: str) -> tuple[str, str]:
    name, _, value = parameter.partition("=")
    return unquote_plus(name), unquote_plus(value)


def _order(parameter: str) -> tuple[str, str, str]:
    return *_decoded(parameter), parameter
