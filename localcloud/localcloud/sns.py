"""SNS: URLs in messages lead to this cloud, the certificate is where AWS has it, and texts are not logged.

LocalStack's messages name `localhost.localstack.cloud`, which does not resolve everywhere, and a certificate
below `/_aws/sns/`. It logs the delivery of each text, which AWS does for accounts that ask for it alone.
Sources: https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html and
https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html
Left out: https, which nothing here speaks; retries: a webhook that fails once has its message in the
subscription's dead-letter queue.
"""

from typing import Any

from localstack.services.sns import constants

from localcloud.settings import gateway_url


def apply() -> None:
    """Move the certificate before the provider gives it a route, and replace what messages are made with."""
    constants.SNS_CERT_ENDPOINT = constants.SNS_CERT_ENDPOINT.removeprefix("/_aws/sns")
    from localstack.services.sns import publisher

    module: Any = publisher
    store = module.store_delivery_log

    def store_unless_text(message: Any, subscriber: Any, *arguments: Any, **options: Any) -> None:
        if subscriber["Protocol"] != "sms":
            store(message, subscriber, *arguments, **options)

    module.store_delivery_log = store_unless_text
    module.get_cert_base_url = gateway_url
