"""The Hosts that the local cloud serves, which are those of this machine.

A web page can have its own name resolve to 127.0.0.1 (DNS rebinding). Its requests then reach this server as
those of one origin, which no browser stops and no CORS check sees. They still carry the page's name as Host.

Sources: https://www.rfc-editor.org/rfc/rfc9112#section-3.2 (Host and the forms of a request's target) and
https://www.rfc-editor.org/rfc/rfc6761#section-6.3 (`localhost` and all names under it are the loopback).
"""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address

SERVED = (
    "127.0.0.0/8, [::1], localhost, *.localhost, localhost.localstack.cloud and "
    "*.localhost.localstack.cloud, with any port"
)
_PORT = r"(?::[0-9]{0,5})?"
_NAME = re.compile(rf"(?:[a-z0-9_-]+\.)*localhost(?:\.localstack\.cloud)?\.?{_PORT}", re.IGNORECASE)
_IPV4 = re.compile(rf"([0-9.]+?)\.?{_PORT}")
_IPV6 = re.compile(rf"\[([0-9a-f:.]+)\]{_PORT}", re.IGNORECASE)
_SHOWN_CHARACTERS = 100


def refusal(hosts: Sequence[str], target: str) -> str | None:
    """Tell why a request is refused, if it is.

    Args:
        hosts: The values of its Host headers.
        target: Its target as sent: a path, `*`, or a whole URL, whose host counts like the header's.
    """
    if len(hosts) != 1:
        return _sentence(f"a request needs one Host header, not {len(hosts)}")
    named = [hosts[0], *([] if target.startswith("/") or target == "*" else [_authority(target)])]
    for each in named:
        if not is_loopback(each):
            return _sentence(f"the Host {each[:_SHOWN_CHARACTERS]!a} is refused")
    return None


def is_loopback(host: str) -> bool:
    """Tell whether a Host, with a port or without, can only be this machine."""
    if _NAME.fullmatch(host):
        return True
    try:
        if literal := _IPV6.fullmatch(host):
            return IPv6Address(literal[1]).is_loopback
        literal = _IPV4.fullmatch(host)
        return literal is not None and IPv4Address(literal[1]).is_loopback
    except ValueError:
        return False


def _authority(url: str) -> str:
    """The host and port of a URL as RFC 3986 cuts it; empty where there is none."""
    found = re.match(r"[^:/?#]+://([^/?#]*)", url)
    return found[1] if found else ""


def _sentence(reason: str) -> str:
    return f"{reason}: the local cloud serves {SERVED}\n"
