"""What browsers are to enforce (owasp.org/www-project-secure-headers)."""

import re

STYLE_HASHES = ("sha256-MJJfglAWBX0C7KvjXLgOD/wLbsT7i5fdmOlKI5shOSY=",)
"""Of the `<style>` of the small pages that the edge makes itself."""
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?")
_NO_USE = ("camera", "geolocation", "microphone", "payment", "usb")


def security_headers(connect: str) -> dict[str, str]:
    """Headers for the site's pages.

    Args:
        connect: The origin of the hosted UI, which the page may talk to besides its own; empty for none.
    """
    return {
        "content-security-policy": content_security_policy(connect),
        "permissions-policy": ", ".join(f"{feature}=()" for feature in _NO_USE),
        "referrer-policy": "no-referrer",
        "strict-transport-security": "max-age=31536000",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    }


def content_security_policy(connect: str) -> str:
    """The policy, which lets in nothing but files of this site (https://www.w3.org/TR/CSP3/)."""
    others = [connect] if _ORIGIN.fullmatch(connect) else []
    sources = {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'", *(f"'{each}'" for each in STYLE_HASHES)],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *others],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in sources.items())
