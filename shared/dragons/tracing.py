"""Tracing: all that the project knows of the X-Ray SDK, so that another tracer is one file away."""

from dragons import config


def enable() -> None:
    """Record a subsegment for every AWS call of this function, where Lambda has a daemon to send it to.

    A function that calls nothing of AWS does without: Lambda itself records the segment of its invocation.
    Patches botocore alone: `patch_all` imports every library that it knows and doubles a cold start.
    Source: https://docs.aws.amazon.com/xray/latest/devguide/xray-sdk-python-patching.html
    """
    if config.tracing_daemon():
        from aws_xray_sdk.core import patch

        patch(["botocore"])  # type: ignore[no-untyped-call]
