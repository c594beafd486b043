"""Cognito's pre sign-up trigger: an account is refused where its address may not have one."""

from collections.abc import Mapping
from typing import Any

from dragons import config
from pre_sign_up.domains import DomainRules
from pre_sign_up.settings import Settings

settings = config.load(Settings)
rules = DomainRules.of(settings.allowed_email_domains, settings.refused_email_domains)


def handler(event: Mapping[str, Any], _context: object) -> Mapping[str, Any]:
    """Answer the event as it came, which creates the account and confirms nothing.

    The rules are about who has an account, so they hold whoever makes it: the person, an administrator's
    invitation, or the first sign-in through an identity provider, whose word for the address is taken.

    Raises:
        SignUpRefusedError: Cognito shows its message, as `PreSignUp failed with error <message>.`

    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html
    """
    rules.check(event["request"]["userAttributes"].get("email", ""))
    return event
