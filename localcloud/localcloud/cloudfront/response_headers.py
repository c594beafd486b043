"""Response headers policies: headers for security, headers of one's own, and those to remove.

Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html

Left out: those for CORS, which only take effect on AWS; `Server-Timing`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.datastructures import Headers

type Settings = Mapping[str, Any]


def apply(policy: Settings, headers: Headers) -> Headers:
    """The headers of a response under a policy's configuration."""
    made = headers.copy()
    for each in (policy.get("RemoveHeadersConfig") or {}).get("Items") or []:
        made.remove(each["Header"])
    security = policy.get("SecurityHeadersConfig") or {}
    added = [
        (name, write(security[key]), security[key])
        for key, (name, write) in _SECURITY.items()
        if key in security
    ]
    custom = (policy.get("CustomHeadersConfig") or {}).get("Items") or []
    for name, value, settings in (*added, *((each["Header"], each["Value"], each) for each in custom)):
        if settings["Override"] or name not in made:
            made[name] = value
    return made


def _hsts(it: Settings) -> str:
    words = {"IncludeSubdomains": "includeSubDomains", "Preload": "preload"}
    chosen = [word for member, word in words.items() if it.get(member)]
    return "; ".join((f"max-age={it['AccessControlMaxAgeSec']}", *chosen))


def _xss(it: Settings) -> str:
    report = f"; report={it['ReportUri']}" if it.get("ReportUri") else ""
    return ("1; mode=block" if it.get("ModeBlock") else f"1{report}") if it["Protection"] else "0"


_SECURITY: dict[str, tuple[str, Callable[[Settings], str]]] = {
    "ContentSecurityPolicy": ("Content-Security-Policy", lambda it: str(it["ContentSecurityPolicy"])),
    "ContentTypeOptions": ("X-Content-Type-Options", lambda _: "nosniff"),
    "FrameOptions": ("X-Frame-Options", lambda it: str(it["FrameOption"])),
    "ReferrerPolicy": ("Referrer-Policy", lambda it: str(it["ReferrerPolicy"])),
    "StrictTransportSecurity": ("Strict-Transport-Security", _hsts),
    "XSSProtection": ("X-XSS-Protection", _xss),
}
