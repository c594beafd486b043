"""Cognito's own errors, as its API words them."""

from localstack.aws.api import CommonServiceException


class CognitoError(CommonServiceException):
    """An error of the user pool's API: 400, with its code and message.

    Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message, status_code=400, sender_fault=True)


def not_authorized(message: str = "Incorrect username or password.") -> CognitoError:
    """Who asks is not who they say, or may not do this now."""
    return CognitoError("NotAuthorizedException", message)


def invalid_parameter(message: str) -> CognitoError:
    """The request makes no sense for this pool or client."""
    return CognitoError("InvalidParameterException", message)


def no_such_user() -> CognitoError:
    """There is no such user, and the client may know it."""
    return CognitoError("UserNotFoundException", "User does not exist.")
