"""What an issuer says of itself: its OpenID Connect discovery document.

Sources: https://openid.net/specs/openid-connect-discovery-1_0.html and, for the limits of time and size,
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html

Left out: the issuer may respond over plain HTTP (AWS wants HTTPS); the responses' cache headers are not read.
"""

import json
import time
from typing import Any

import requests

TIMEOUT_SECONDS = 1.5
MAX_BYTES = 150_000


class IssuerUnavailableError(Exception):
    """The issuer did not respond, or not with its documents; the message says which."""


def discover(issuer: str) -> dict[str, Any]:
    """Fetch an issuer's discovery document.

    Args:
        issuer: Its URL, exactly as its tokens name it.

    Raises:
        IssuerUnavailableError: See `get_object`; or it is another issuer's document.
    """
    document = get_object(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if document.get("issuer") != issuer:
        raise IssuerUnavailableError("the discovery document names another issuer")
    return document


def get_object(url: Any) -> dict[str, Any]:
    """Get a JSON object, within the limits of time and size as a whole.

    Args:
        url: Its address, as a document of the issuer's names it.

    Raises:
        IssuerUnavailableError: No web address, too slow, too large, or not JSON.
    """
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise IssuerUnavailableError("no web address")
    deadline = time.monotonic() + TIMEOUT_SECONDS
    body = bytearray()
    try:
        with requests.get(url, timeout=TIMEOUT_SECONDS, stream=True, allow_redirects=False) as response:
            if response.status_code != 200:
                raise IssuerUnavailableError(f"{url} responded {response.status_code}")
            for chunk in response.iter_content(8192):
                body += chunk
                if len(body) > MAX_BYTES or time.monotonic() > deadline:
                    raise IssuerUnavailableError(f"{url} sends too much, or too slowly")
        document = json.loads(body)
    except (requests.RequestException, ValueError, RecursionError) as error:
        raise IssuerUnavailableError(f"{url}: {type(error).__name__}") from error
    if not isinstance(document, dict):
        raise IssuerUnavailableError(f"{url} is not a JSON object")
    return document
