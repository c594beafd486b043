"""The mail that a target lets tests read."""

import os

import pytest
import requests

from support.system import poll


def code_sent_to(email: str) -> str:
    """The newest code that was mailed to an address, where the target lets tests read mail."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if endpoint is None:
        pytest.skip("AWS delivers codes by mail only: nothing here could read them")

    def newest() -> str | None:
        where = f"{endpoint}/_aws/cognito-idp/messages"
        messages = requests.get(where, params={"destination": email}, timeout=30).json()["messages"]
        return messages[-1]["code"] if messages else None

    return poll(newest, f"a code for {email}")
