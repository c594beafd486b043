"""What the tests of signing in share."""

from collections.abc import Callable
from typing import Any

import pytest

from support.oauth import Client, client_of

Aws = Callable[[str], Any]


@pytest.fixture(scope="module")
def site(outputs: dict[str, Any], aws: Aws) -> Client:
    """The site's client."""
    return client_of(outputs, aws("cognito-idp"), outputs["user_pool_client_id"])
