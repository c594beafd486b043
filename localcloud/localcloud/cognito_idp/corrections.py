"""What makes LocalStack serve user pools beside their API: messages, issuers, the hosted UI."""

from localcloud.cognito_idp import messages
from localcloud.cognito_idp.hosted_ui import endpoints, well_known


def apply() -> None:
    """Put the endpoints into LocalStack's chain."""
    for module in (messages, well_known, endpoints):
        module.apply()
