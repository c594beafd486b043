"""A group of the user pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient


class CognitoGroup:
    """Puts users into a group; one who is in it stays.

    Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminAddUserToGroup.html
    """

    def __init__(self, cognito: CognitoIdentityProviderClient, name: str) -> None:
        self._cognito = cognito
        self._name = name

    def add(self, pool_id: str, username: str) -> None:
        """Put a user of a pool into the group."""
        self._cognito.admin_add_user_to_group(UserPoolId=pool_id, Username=username, GroupName=self._name)
