"""The settings of LocalStack that this cloud runs with, and where it is then found.

Source: https://docs.localstack.cloud/aws/capabilities/config/configuration/
"""

from pathlib import Path


def of_localstack(port: int, state: Path) -> dict[str, str]:
    """The environment variables for a cloud on a port, with its files in a folder."""
    return {
        "TMPDIR": str(state / "tmp"),
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "GATEWAY_SERVER": "loopback",  # ours: LocalStack's own listens on every interface
        "FILESYSTEM_ROOT": str(state / "fs"),
        "OVERRIDE_IN_DOCKER": "0",  # else it takes some hosts for a container
        "DNS_ADDRESS": "0",  # nothing listens but the gateway
        "IN_MEMORY_CLIENT": "1",  # services call each other without a socket that may close on them
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "LAMBDA_RUNTIME_EXECUTOR": "process",
        "LAMBDA_SYNCHRONOUS_CREATE": "0",
        "LAMBDA_RETRY_BASE_DELAY": "1",  # asynchronous retries at test speed
        "LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC": "0.25",  # as often as Lambda itself polls
        "PROVIDER_OVERRIDE_DYNAMODB": "moto",
        "PROVIDER_OVERRIDE_DYNAMODBSTREAMS": "moto",
    }


def gateway_url() -> str:
    """The URL of the gateway, such as `http://127.0.0.1:4566`, for issuers, redirects and the like."""
    from localstack import config  # it reads the settings when it is imported

    return f"http://{config.GATEWAY_LISTEN[0]}"
