"""Clients of a local cloud."""

from collections.abc import Callable
from typing import Any

import boto3


def clients(endpoint: str) -> Callable[[str], Any]:
    """Make clients of AWS's services at an endpoint."""

    def client(service: str) -> Any:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
        return boto3.client(service, endpoint_url=endpoint, **keys)  # type: ignore[call-overload]

    return client
