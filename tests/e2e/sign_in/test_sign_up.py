"""From a stranger to a reporter: sign-up, a code, sign-in, the list, a report; and who is refused."""

from collections.abc import Callable
from typing import Any

import boto3
import botocore
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError

from support.mail import code_sent_to
from support.people import claims_of, new_email, new_password, person, sign_in
from support.system import Api, Make, poll

Aws = Callable[[str], Any]


@pytest.fixture(scope="module")
def anybody() -> Any:
    """A client of the user pool for somebody without credentials of AWS."""
    return boto3.client("cognito-idp", config=Config(signature_version=botocore.UNSIGNED))


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_stranger_signs_up_lists_and_reports(
    outputs: dict[str, Any], aws: Aws, anybody: Any, newcomer: tuple[str, str], make_report: Make
) -> None:
    email, password = newcomer
    pool_id, client_id = outputs["user_pool_id"], outputs["user_pool_client_id"]
    sub = anybody.sign_up(ClientId=client_id, Username=email, Password=password)["UserSub"]
    with pytest.raises(anybody.exceptions.UserNotConfirmedException):
        sign_in(anybody, pool_id, client_id, email, password)
    code = code_sent_to(email)
    with pytest.raises(anybody.exceptions.CodeMismatchException):
        anybody.confirm_sign_up(ClientId=client_id, Username=email, ConfirmationCode=wrong(code))
    anybody.confirm_sign_up(ClientId=client_id, Username=email, ConfirmationCode=code)
    with pytest.raises(anybody.exceptions.NotAuthorizedException):
        sign_in(anybody, pool_id, client_id, email, new_password())
    tokens = sign_in(anybody, pool_id, client_id, email, password)

    assert claims_of(tokens.id)["sub"] == sub
    assert claims_of(tokens.id)["cognito:groups"] == ["reporters"]
    scopes = set(claims_of(tokens.access)["scope"].split())
    assert {"dragons/read", "dragons/report"} <= scopes
    assert "dragons/review" not in scopes
    row = aws("dynamodb").get_item(
        TableName=outputs["reporters_table"], Key={"sub": {"S": sub}}, ConsistentRead=True
    )["Item"]
    assert row["email"]["S"] == email

    listed = requests.get(
        f"{outputs['http_api_url']}/dragons",
        params={"family": "red", "limit": "5"},
        headers={"Authorization": f"Bearer {tokens.access}"},
        timeout=60,
    )
    assert listed.status_code == 200, listed.text
    assert len(listed.json()["dragons"]) == 5
    report = make_report()
    reported = requests.post(
        f"{outputs['rest_api_url']}/dragons", json=report, headers={"Authorization": tokens.id}, timeout=60
    )
    assert reported.status_code == 202, reported.text
    url = reported.json()["statusUrl"]

    def recorded() -> bool | None:
        answer = requests.get(url, timeout=60)
        return True if answer.status_code == 200 and answer.json()["status"] == "SUCCEEDED" else None

    poll(recorded, "the report to be recorded")


def test_a_trigger_that_raises_refuses_the_sign_up_with_its_message(
    outputs: dict[str, Any], aws: Aws, anybody: Any
) -> None:
    email = new_email().replace("example.org", "mailinator.com")
    with pytest.raises(anybody.exceptions.UserLambdaValidationException) as refused:
        anybody.sign_up(ClientId=outputs["user_pool_client_id"], Username=email, Password=new_password())
    assert refused.value.response["Error"]["Message"].startswith("PreSignUp failed with error ")
    assert "mailinator.com" in refused.value.response["Error"]["Message"]
    assert email not in str(refused.value)
    cognito = aws("cognito-idp")
    with pytest.raises(cognito.exceptions.UserNotFoundException):
        cognito.admin_get_user(UserPoolId=outputs["user_pool_id"], Username=email)


@pytest.mark.parametrize("password", ["Short-1", "No-digits-at-all", "no-capitals-01234"])
def test_a_weak_password_is_refused(
    outputs: dict[str, Any], anybody: Any, newcomer: tuple[str, str], password: str
) -> None:
    with pytest.raises(anybody.exceptions.InvalidPasswordException):
        anybody.sign_up(ClientId=outputs["user_pool_client_id"], Username=newcomer[0], Password=password)


def test_an_address_signs_up_once(outputs: dict[str, Any], anybody: Any, newcomer: tuple[str, str]) -> None:
    email, password = newcomer
    anybody.sign_up(ClientId=outputs["user_pool_client_id"], Username=email, Password=password)
    with pytest.raises(anybody.exceptions.UsernameExistsException):
        anybody.sign_up(
            ClientId=outputs["user_pool_client_id"], Username=email.upper(), Password=new_password()
        )


def test_a_forgotten_password_is_set_anew(outputs: dict[str, Any], aws: Aws, anybody: Any) -> None:
    client_id, password = outputs["user_pool_client_id"], new_password()
    with person(aws, outputs) as forgetful:
        aws("cognito-idp").admin_update_user_attributes(
            UserPoolId=outputs["user_pool_id"],
            Username=forgetful.email,
            UserAttributes=[{"Name": "email_verified", "Value": "true"}],
        )
        anybody.forgot_password(ClientId=client_id, Username=forgetful.email)
        code = code_sent_to(forgetful.email)
        change = {"ClientId": client_id, "Username": forgetful.email, "Password": password}
        with pytest.raises(anybody.exceptions.CodeMismatchException):
            anybody.confirm_forgot_password(ConfirmationCode=wrong(code), **change)
        anybody.confirm_forgot_password(ConfirmationCode=code, **change)
        with pytest.raises(anybody.exceptions.ExpiredCodeException):
            anybody.confirm_forgot_password(ConfirmationCode=code, **change)
        sign_in(anybody, outputs["user_pool_id"], client_id, forgetful.email, password)


def test_a_new_address_is_verified_and_a_password_reset_by_it(
    outputs: dict[str, Any], aws: Aws, anybody: Any
) -> None:
    new, password = new_email(), new_password()
    with person(aws, outputs) as mover:
        token = {"AccessToken": mover.tokens.access}
        anybody.update_user_attributes(UserAttributes=[{"Name": "email", "Value": new}], **token)
        forgotten = {"ClientId": outputs["user_pool_client_id"], "Username": mover.sub}
        with pytest.raises(anybody.exceptions.InvalidParameterException):
            anybody.forgot_password(**forgotten)
        anybody.verify_user_attribute(AttributeName="email", Code=code_sent_to(new), **token)
        before = code_sent_to(new)
        anybody.forgot_password(**forgotten)

        def another() -> str | None:
            code = code_sent_to(new)
            return code if code != before else None

        code = poll(another, "the code to reset the password")
        anybody.confirm_forgot_password(ConfirmationCode=code, Password=password, **forgotten)
        sign_in(anybody, outputs["user_pool_id"], outputs["user_pool_client_id"], new, password)


def test_no_error_quotes_an_access_token(outputs: dict[str, Any], aws: Aws, anybody: Any) -> None:
    with person(aws, outputs) as owner:
        for operation in (anybody.associate_software_token, anybody.list_devices):
            with pytest.raises(ClientError) as refused:
                operation(AccessToken=owner.tokens.access)
            assert owner.tokens.access not in str(refused.value)


def test_a_refresh_token_signs_in_until_its_owner_signs_out(
    outputs: dict[str, Any], aws: Aws, anybody: Any
) -> None:
    client_id = outputs["user_pool_client_id"]
    with person(aws, outputs) as owner:
        refresh = {
            "ClientId": client_id,
            "AuthFlow": "REFRESH_TOKEN_AUTH",
            "AuthParameters": {"REFRESH_TOKEN": owner.tokens.refresh},
        }
        again = anybody.initiate_auth(**refresh)["AuthenticationResult"]
        assert claims_of(again["AccessToken"])["sub"] == owner.sub
        assert "dragons/read" in claims_of(again["AccessToken"])["scope"].split()
        anybody.global_sign_out(AccessToken=again["AccessToken"])
        with pytest.raises(anybody.exceptions.NotAuthorizedException):
            anybody.initiate_auth(**refresh)


def test_a_reviewer_may_review(outputs: dict[str, Any], aws: Aws) -> None:
    with person(aws, outputs, group="reviewers") as reviewer:
        assert "dragons/review" in claims_of(reviewer.tokens.access)["scope"].split()


def test_two_people_have_reports_of_their_own_under_one_key(
    outputs: dict[str, Any], aws: Aws, api: Api, make_report: Make
) -> None:
    key = "e2e-shared-key"
    with person(aws, outputs) as one, person(aws, outputs) as two:
        answers = [Api(api.url, who).post(make_report(), key) for who in (one, two)]
        assert [answer.status_code for answer in answers] == [202, 202]
        ids = [answer.json()["reportId"] for answer in answers]
        assert ids == [f"{one.sub}-{key}", f"{two.sub}-{key}"]
        assert [api.outcome(each)["status"] for each in ids] == ["SUCCEEDED", "SUCCEEDED"]
