"""Addresses that change: a code goes to the new one, and only the code makes it the user's."""

from typing import Any

import pytest
from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUser, cognitoidp_backends

from localcloud.cognito_idp import account, messages, provider, sign_up
from localcloud.cognito_idp.errors import CognitoError
from tests.hosted_ui import EMAIL, Hosted, tokens_of

NEW = "ann@new.example.org"
PHONE = "+15555550100"


def backend() -> CognitoIdpBackend:
    """Moto's; other tests may replace it by a new one."""
    found: CognitoIdpBackend = cognitoidp_backends["000000000000"]["us-east-1"]
    return found


@pytest.fixture
def token(ui: Hosted, ann: CognitoIdpUser) -> dict[str, str]:
    """An access token of Ann's, whose pool verifies e-mail addresses."""
    ui.pool.extended_config["AutoVerifiedAttributes"] = ["email"]
    ui.site.extended_config["AllowedOAuthScopes"] = ["openid", "aws.cognito.signin.user.admin"]
    access: str = tokens_of(ui)["access_token"]
    return {"AccessToken": access}


def update(token: dict[str, str], **attributes: str) -> list[dict[str, str]]:
    listed = [{"Name": name, "Value": value} for name, value in attributes.items()]
    sent = account.update_user_attributes(token | {"UserAttributes": listed})
    return list(sent["CodeDeliveryDetailsList"])


def verify(token: dict[str, str], code: str, name: str = "email") -> None:
    account.verify_user_attribute(token | {"AttributeName": name, "Code": code})


def newest(destination: str) -> dict[str, Any]:
    return messages.sent_to(destination)[-1]


def attributes(user: CognitoIdpUser) -> tuple[str, str]:
    return user.attribute_lookup["email"], user.attribute_lookup["email_verified"]


def test_a_new_address_is_verified_and_then_a_password_is_reset_by_it(
    ui: Hosted, ann: CognitoIdpUser, token: dict[str, str]
) -> None:
    [sent] = update(token, email=NEW)
    assert sent == {"Destination": "a***@n***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
    assert attributes(ann) == (NEW, "false")
    forgotten = {"ClientId": ui.site.id, "Username": NEW}
    with pytest.raises(CognitoError, match="no registered/verified email"):
        account.forgot_password(forgotten)
    message = newest(NEW)
    assert message["triggerSource"] == "CustomMessage_UpdateUserAttribute"
    with pytest.raises(CognitoError) as wrong:
        verify(token, "animal")
    assert wrong.value.code == "CodeMismatchException"
    verify(token, message["code"])
    assert attributes(ann) == (NEW, "true")
    account.forgot_password(forgotten)
    assert newest(NEW)["triggerSource"] == "CustomMessage_ForgotPassword"


def test_a_code_may_be_asked_for(ann: CognitoIdpUser, token: dict[str, str]) -> None:
    update(token, email=NEW)
    old = newest(NEW)["code"]
    account.get_user_attribute_verification_code(token | {"AttributeName": "email"})
    message = newest(NEW)
    assert message["triggerSource"] == "CustomMessage_VerifyUserAttribute"
    if old != message["code"]:
        with pytest.raises(CognitoError, match="Invalid verification code"):
            verify(token, old)
    verify(token, message["code"])
    with pytest.raises(CognitoError) as used:
        verify(token, message["code"])
    assert used.value.code == "ExpiredCodeException"
    for name in ("phone_number", "name"):
        with pytest.raises(CognitoError, match="valid registered email or phone number"):
            account.get_user_attribute_verification_code(token | {"AttributeName": name})


def test_a_pool_may_keep_the_old_address_until_the_new_one_is_verified(
    ui: Hosted, ann: CognitoIdpUser, token: dict[str, str]
) -> None:
    keep = {"AttributesRequireVerificationBeforeUpdate": ["email"]}
    ui.pool.extended_config["UserAttributeUpdateSettings"] = keep
    update(token, email=NEW, name="Ann")
    assert attributes(ann) == (EMAIL, "true")
    assert ann.attribute_lookup["name"] == "Ann"
    verify(token, newest(NEW)["code"])
    assert attributes(ann) == (NEW, "true")


def test_codes_of_different_addresses_are_kept_apart(
    ui: Hosted, ann: CognitoIdpUser, token: dict[str, str]
) -> None:
    ui.pool.extended_config["AutoVerifiedAttributes"] = ["email", "phone_number"]
    update(token, email=NEW, phone_number=PHONE)
    by_mail, by_text = newest(NEW)["code"], newest(PHONE)["code"]
    if by_mail != by_text:
        with pytest.raises(CognitoError, match="Invalid verification code"):
            verify(token, by_mail, "phone_number")
    verify(token, by_text, "phone_number")
    assert ann.attribute_lookup["phone_number_verified"] == "true"
    assert attributes(ann) == (NEW, "false")


def test_a_forgotten_password_s_code_goes_to_a_verified_address(
    ui: Hosted, ann: CognitoIdpUser, token: dict[str, str]
) -> None:
    ui.pool.extended_config["AutoVerifiedAttributes"] = ["phone_number"]
    update(token, email=NEW, phone_number=PHONE)
    verify(token, newest(PHONE)["code"], "phone_number")
    account.forgot_password({"ClientId": ui.site.id, "Username": NEW})
    code = newest(PHONE)["code"]
    assert messages.sent_to(NEW)[-1:] == [] or newest(NEW)["code"] != code
    account.confirm_forgot_password(
        {
            "ClientId": ui.site.id,
            "Username": NEW,
            "Password": "Scales-and-fire-2",
            "ConfirmationCode": code,
        }
    )
    assert attributes(ann) == (NEW, "false")


def test_an_address_of_somebody_else_s_is_refused(ui: Hosted, ann: CognitoIdpUser, token: Any) -> None:
    update(token, email=NEW)
    code = newest(NEW)["code"]
    update(token, email=EMAIL)
    ui.add_user("ben@example.org")
    with pytest.raises(CognitoError) as taken:
        update(token, email="BEN@example.org")
    assert taken.value.code == "AliasExistsException"
    with pytest.raises(CognitoError, match=r"^Invalid "):
        verify(token, code if code != newest(EMAIL)["code"] else "animal")


@pytest.mark.parametrize("name", ["email_verified", "phone_number_verified", "sub", "identities"])
def test_nobody_says_of_themselves_that_an_address_is_theirs(
    ui: Hosted, ann: CognitoIdpUser, token: dict[str, str], name: str
) -> None:
    with pytest.raises(CognitoError) as refused:
        update(token, **{name: "true"})
    assert refused.value.code == "NotAuthorizedException"
    listed = [{"Name": name, "Value": "true"}]
    new = {"ClientId": ui.site.id, "Username": NEW, "Password": "Scales-and-fire-1"}
    with pytest.raises(CognitoError, match="unauthorized attribute"):
        sign_up.sign_up(new | {"UserAttributes": listed})


def test_what_is_not_served_is_refused_without_a_word_of_the_token(token: dict[str, str]) -> None:
    with pytest.raises(NotImplementedError) as refused:
        provider.otherwise(Any, token)  # type: ignore[arg-type]
    assert str(refused.value) == ""
    with pytest.raises(Exception, match=r"a\.secret\.token"):  # moto's; else delete provider.otherwise
        backend().set_user_mfa_preference("a.secret.token", {}, {})
