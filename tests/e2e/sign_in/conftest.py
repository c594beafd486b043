"""What the tests of signing in share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support.oauth import Client, client_of
from support.people import new_email, new_password

Aws = Callable[[str], Any]


@pytest.fixture(scope="module")
def site(outputs: dict[str, Any], aws: Aws) -> Client:
    """The site's client."""
    return client_of(outputs, aws("cognito-idp"), outputs["user_pool_client_id"])


@pytest.fixture
def newcomer(outputs: dict[str, Any], aws: Aws) -> Iterator[tuple[str, str]]:
    """An address and a password; the account goes when the test ends."""
    cognito, email = aws("cognito-idp"), new_email()
    yield email, new_password()
    try:
        user = cognito.admin_get_user(UserPoolId=outputs["user_pool_id"], Username=email)
    except cognito.exceptions.UserNotFoundException:
        return
    cognito.admin_delete_user(UserPoolId=outputs["user_pool_id"], Username=email)
    sub = next(each["Value"] for each in user["UserAttributes"] if each["Name"] == "sub")
    aws("dynamodb").delete_item(TableName=outputs["reporters_table"], Key={"sub": {"S": sub}})
