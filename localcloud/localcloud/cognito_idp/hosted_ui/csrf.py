"""Forms that no other site fills in: the page's field repeats a cookie that other sites cannot read.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/login-endpoint.html
"""

import hmac
import secrets

from rolo import Request, Response

from localcloud.cognito_idp.hosted_ui.domain import Domain

COOKIE = "XSRF-TOKEN"
FIELD = "_csrf"


def token_for(request: Request) -> str:
    """What the page's form has to bring back; the pages of one browser share it."""
    return request.cookies.get(COOKIE) or secrets.token_urlsafe(32)


def remember(domain: Domain, answer: Response, token: str) -> None:
    """Let the browser bring the token along with the form."""
    domain.set_cookie(answer, COOKIE, token)


def is_own_form(request: Request) -> bool:
    """Whether a form was filled in on a page of ours."""
    cookie, field = request.cookies.get(COOKIE, ""), request.form.get(FIELD, "")
    return bool(cookie) and hmac.compare_digest(cookie.encode(), field.encode())
