"""Which e-mail addresses may sign up, by their domains."""

from collections.abc import Iterable
from dataclasses import dataclass

from dragons.errors import ConfigurationError


class SignUpRefusedError(Exception):
    """A sign-up that is refused; the message tells the person what to do, and never repeats the address."""


@dataclass(frozen=True)
class DomainRules:
    """The domains that addresses may have; a domain stands for its subdomains too.

    Attributes:
        allowed: The only domains that may sign up; none for any.
        refused: The domains that may not, also where an allowed one covers them.
    """

    allowed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @classmethod
    def of(cls, allowed: Iterable[str], refused: Iterable[str]) -> "DomainRules":
        """Make rules of domains as somebody wrote them.

        Raises:
            ConfigurationError: One of them is not a domain.
        """
        return cls(tuple(map(_configured, allowed)), tuple(map(_configured, refused)))

    def check(self, email: str) -> None:
        """Let an address pass, or refuse it.

        Raises:
            SignUpRefusedError: It is missing, is not an address, or is of a domain that may not sign up.
        """
        mailbox, _, domain_part = email.rpartition("@")
        domain = ascii_domain(domain_part)
        if not mailbox or domain is None:
            raise SignUpRefusedError(
                "an e-mail address is needed: sign up with one, or let your identity provider share it"
            )
        for refused in self.refused:
            if _covers(refused, domain):
                raise SignUpRefusedError(f"addresses at {refused} are not accepted: sign up with another one")
        if self.allowed and not any(_covers(allowed, domain) for allowed in self.allowed):
            raise SignUpRefusedError(f"sign up with an address at {' or '.join(self.allowed)}")


def ascii_domain(text: str) -> str | None:
    """A domain in the one form in which domains are compared; none if it is not a domain.

    Source: https://www.unicode.org/reports/tr46/
    """
    domain = (text if text.isascii() else _to_ascii(text)).lower().removesuffix(".")
    labels = domain.split(".")
    return domain if all(map(_is_label, labels)) and len(domain) <= 253 else None


def _to_ascii(text: str) -> str:
    import idna  # only few need its tables

    try:
        return idna.encode(text, uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""


def _is_label(label: str) -> bool:
    return 1 <= len(label) <= 63 and label.replace("-", "").replace("_", "").isalnum()


def _covers(domain: str, candidate: str) -> bool:
    return candidate == domain or candidate.endswith(f".{domain}")


def _configured(text: str) -> str:
    domain = ascii_domain(text)
    if domain is None:
        raise ConfigurationError(f"{text!r} is not a domain: write it as in example.org")
    return domain
