"""A user pool's domain: where its endpoints are, and the cookies that browsers keep for it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from moto.cognitoidp.models import CognitoIdpUserPool
from rolo import Response

from localcloud.cognito_idp.pools import hosted_url


@dataclass(frozen=True)
class Domain:
    """A domain's prefix and its pool."""

    name: str
    pool: CognitoIdpUserPool

    @property
    def url(self) -> str:
        """Where the endpoints are."""
        return hosted_url(self.name)

    @property
    def path(self) -> str:
        """Where they are on whichever host the browser knows."""
        return urlsplit(self.url).path

    def set_cookie(self, response: Response, name: str, value: str, seconds: int | None = None) -> None:
        """Let the browser keep a cookie that no script reads, for this domain's endpoints alone.

        On AWS it is `Secure` as well; here there is no TLS.

        Args:
            response: What carries it.
            name: Its name.
            value: Its value.
            seconds: For how long; none: until the browser is closed.
        """
        response.set_cookie(name, value, max_age=seconds, path=self.path, httponly=True, samesite="Lax")

    def drop_cookie(self, response: Response, name: str) -> None:
        """Let the browser forget a cookie."""
        response.delete_cookie(name, path=self.path, httponly=True, samesite="Lax")
