"""What is wrong with a request, by who has to know: the person, the client behind the browser, the app."""

from localcloud.cognito_idp.hosted_ui.responses import with_parameters


class UntrustedRequestError(Exception):
    """Nobody knows where the request comes from, so it goes nowhere: the person is told why."""


class AuthorizationError(Exception):
    """The request is a known client's, and the error goes back to it (RFC 6749, section 4.1.2.1).

    Args:
        redirect_uri: Where to, one of the client's.
        state: The request's.
        error: The code, such as `invalid_scope`.
        description: What more is known; no secret.

    Attributes:
        location: The address to send the browser to.
    """

    def __init__(self, redirect_uri: str, state: str | None, error: str, description: str = "") -> None:
        super().__init__(error)
        told = {"error": error, "error_description": description or None, "state": state}
        self.location = with_parameters(redirect_uri, told)


class OAuthError(Exception):
    """An app's own request fails (RFC 6749, section 5.2).

    Args:
        error: The code, such as `invalid_grant`.
        description: What more is known; no secret.

    Attributes:
        body: The answer.
    """

    def __init__(self, error: str, description: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.body = {"error": error} | ({"error_description": description} if description else {})
