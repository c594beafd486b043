"""Cognito's pre token generation trigger: the access token's scopes follow the user's groups."""

from collections.abc import Mapping
from typing import Any

from pre_token_generation.scopes import changes


def handler(event: Mapping[str, Any], _context: object) -> Mapping[str, Any]:
    """Answer an event of version `V2_0`, whichever way the user signs in or stays signed in.

    Machine clients do not come here: their scopes are those of the app client. The groups are handed on as
    they came, since Cognito suppresses those of a response without any.

    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
    """
    request = event["request"]
    configuration = request["groupConfiguration"]
    scopes = changes(configuration.get("groupsToOverride") or [], request.get("scopes") or [])
    details = {"accessTokenGeneration": scopes, "groupOverrideDetails": configuration}
    return {**event, "response": {"claimsAndScopeOverrideDetails": details}}
