"""Cognito's pre token generation trigger: the access token's scopes follow the user's groups."""

from collections.abc import Mapping
from typing import Any

from pre_token_generation.scopes import changes


def handler(event: Mapping[str, Any], _context: object) -> Mapping[str, Any]:
    """Answer an event of version `V2_0`, whichever way the user signs in or stays signed in.

    Machine clients do not come here: their scopes are those of the app client.

    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
    """
    request = event["request"]
    groups = request["groupConfiguration"].get("groupsToOverride") or []
    scopes = changes(groups, request.get("scopes") or [])
    return {**event, "response": {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": scopes}}}
