"""What moto forgets of a user pool's settings.

Sources: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
(what cannot be changed is no parameter of it) and .../API_CreateUserPool.html (a new pool's tier).
"""

from typing import Any

from moto.cognitoidp import models
from moto.cognitoidp.models import CognitoIdpUserPool

_FIXED = ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration")

_update = CognitoIdpUserPool.update_extended_config


def update_settings(pool: CognitoIdpUserPool, settings: dict[str, Any]) -> None:
    """Set a pool's settings, less those that it was made with for good."""
    before = getattr(pool, "extended_config", {})
    _update(pool, settings | {name: before[name] for name in _FIXED if name in before})


def apply() -> None:
    """Let moto keep them."""
    models.DEFAULT_USER_POOL_CONFIG["UserPoolTier"] = "ESSENTIALS"
    CognitoIdpUserPool.update_extended_config = update_settings  # type: ignore[assignment, method-assign]
