"""Clients of AWS, or of a local cloud, for what the launcher runs under the project's own interpreter."""

import argparse
from typing import Any

import boto3


def add_endpoint(parser: argparse.ArgumentParser) -> None:
    """Give a command the option that sends it to a local cloud."""
    parser.add_argument("--endpoint", help="URL of the services of a local cloud (default: AWS itself)")


def client(service: str, region: str, endpoint: str | None) -> Any:
    """Make a client; AWS itself wants the credentials of whoever runs the command.

    Args:
        service: The service's name in boto3.
        region: The environment's region.
        endpoint: URL of a local cloud, which takes a fixed pair of keys.
    """
    if endpoint is None:
        return boto3.client(service, region_name=region)  # type: ignore[call-overload]
    return boto3.client(  # type: ignore[call-overload]
        service,
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the local cloud's fixed pair
    )
