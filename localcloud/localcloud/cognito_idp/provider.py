"""The control plane of Cognito user pools: moto, and in its place what it lacks, gets wrong or forgets.

Sources: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
(what cannot be changed is no parameter of it) and .../API_CreateUserPool.html (a new pool's tier).
"""

from typing import Any

from localstack.aws.api import RequestContext, ServiceRequest, ServiceResponse
from localstack.aws.skeleton import DispatchTable
from localstack.constants import DEFAULT_AWS_ACCOUNT_ID
from localstack.services.moto import call_moto
from localstack.services.plugins import Service, aws_provider
from moto.cognitoidp import models
from moto.cognitoidp.models import (
    CognitoIdpIdentityProvider,
    CognitoIdpUserPool,
    CognitoIdpUserPoolDomain,
)

from localcloud.cognito_idp import account, pools, sign_in, sign_up, software_token
from localcloud.cognito_idp.hosted_ui.identity_providers import describe
from localcloud.cognito_idp.users import find_user
from localcloud.moto_service import by_request, moto_service

_FIXED = ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration")

_describe_domain = CognitoIdpUserPoolDomain.to_json
_update = CognitoIdpUserPool.update_extended_config
_BY_REQUEST = {
    "AdminConfirmSignUp": sign_up.admin_confirm_sign_up,
    "AdminCreateUser": sign_up.admin_create_user,
    "AdminInitiateAuth": sign_in.admin_initiate_auth,
    "AdminResetUserPassword": account.admin_reset_user_password,
    "AdminRespondToAuthChallenge": sign_in.admin_respond_to_auth_challenge,
    "AdminSetUserPassword": account.admin_set_user_password,
    "AdminUserGlobalSignOut": account.admin_user_global_sign_out,
    "AssociateSoftwareToken": software_token.associate_software_token,
    "ChangePassword": account.change_password,
    "ConfirmForgotPassword": account.confirm_forgot_password,
    "ConfirmSignUp": sign_up.confirm_sign_up,
    "DeleteResourceServer": pools.delete_resource_server,
    "DeleteUser": account.delete_user,
    "ForgotPassword": account.forgot_password,
    "GetTokensFromRefreshToken": sign_in.get_tokens_from_refresh_token,
    "GetUser": account.get_user,
    "GetUserAttributeVerificationCode": account.get_user_attribute_verification_code,
    "GlobalSignOut": account.global_sign_out,
    "InitiateAuth": sign_in.initiate_auth,
    "ResendConfirmationCode": sign_up.resend_confirmation_code,
    "RespondToAuthChallenge": sign_in.respond_to_auth_challenge,
    "RevokeToken": account.revoke_token,
    "SetUserMFAPreference": software_token.set_user_mfa_preference,
    "SignUp": sign_up.sign_up,
    "UpdateUserAttributes": account.update_user_attributes,
    "VerifySoftwareToken": software_token.verify_software_token,
    "VerifyUserAttribute": account.verify_user_attribute,
}
OPERATIONS: DispatchTable = {name: by_request(operation) for name, operation in _BY_REQUEST.items()}
"""What serves an operation in place of moto."""


def update_settings(pool: CognitoIdpUserPool, settings: dict[str, Any]) -> None:
    """Set a pool's settings, but for those that are fixed when it is made."""
    before = getattr(pool, "extended_config", {})
    _update(pool, settings | {name: before[name] for name in _FIXED if name in before})


def describe_domain(domain: CognitoIdpUserPoolDomain, extended: bool = True) -> dict[str, Any]:
    """A pool's domain, with the account that it is in; moto makes another one up each time."""
    said = _describe_domain(domain, extended)
    return said | {"AWSAccountId": DEFAULT_AWS_ACCOUNT_ID} if "AWSAccountId" in said else said


@aws_provider(api="cognito-idp")  # type: ignore[untyped-decorator]
def provider() -> Service:
    """Return the service; moto too then finds users by any of their names."""
    models.DEFAULT_USER_POOL_CONFIG["UserPoolTier"] = "ESSENTIALS"
    CognitoIdpUserPool.update_extended_config = update_settings  # type: ignore[assignment, method-assign]
    CognitoIdpUserPool._get_user = find_user  # type: ignore[assignment]
    CognitoIdpIdentityProvider.to_json = describe  # type: ignore[assignment]
    CognitoIdpUserPoolDomain.to_json = describe_domain  # type: ignore[assignment, method-assign]
    return moto_service("cognito-idp", OPERATIONS, otherwise)


def otherwise(context: RequestContext, request: ServiceRequest) -> ServiceResponse:
    """Ask moto, but not with an access token: it knows none of ours, and would quote it in its error."""
    if "AccessToken" in request:
        raise NotImplementedError  # LocalStack names the operation
    return call_moto(context)
