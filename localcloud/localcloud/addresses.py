"""Where the local cloud answers, for what it must say of itself: issuers, redirects, discovery documents."""

from localstack import config


def gateway_url() -> str:
    """The URL of the gateway, such as `http://127.0.0.1:4566`."""
    return f"http://{config.GATEWAY_LISTEN[0]}"
