"""SNS itself, as anybody reaches it: without credentials."""

import requests
from cryptography.x509 import Certificate, load_pem_x509_certificate

from receive_webhook.refusals import NotBelievedError

SECONDS = (3.0, 3.0)
"""For a connection, and for each part of a response."""
KEPT = 10


class Sns:
    """Fetches certificates, each once for as long as this environment lives, and confirms subscriptions.

    Redirects are not followed: they could lead elsewhere.
    """

    def __init__(self) -> None:
        self._kept: dict[str, Certificate] = {}

    def certificate(self, url: str) -> Certificate:
        """Give the certificate of a URL that was found to be SNS's.

        Raises:
            NotBelievedError: There is none.
            requests.RequestException: SNS does not answer, so SNS shall try again.
        """
        if url not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[url] = self._fetch(url)
        return self._kept[url]

    def confirm(self, url: str) -> None:
        """Confirm a subscription.

        Raises:
            requests.RequestException: SNS does not answer, or does not take it.

        Source: https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.confirm.html
        """
        response = requests.get(url, timeout=SECONDS, allow_redirects=False)
        if response.status_code != requests.codes.ok:
            raise requests.HTTPError(f"SNS answered {response.status_code}", response=response)

    def _fetch(self, url: str) -> Certificate:
        response = requests.get(url, timeout=SECONDS, allow_redirects=False)
        if response.status_code >= requests.codes.server_error:
            response.raise_for_status()
        if response.status_code == requests.codes.ok:
            try:
                return load_pem_x509_certificate(response.content)
            except ValueError:
                pass  # what is there is no certificate
        raise NotBelievedError("SigningCertURL", "has no certificate")
