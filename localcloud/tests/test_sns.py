"""The URLs in SNS's messages, and what is logged of their delivery."""

import json
import subprocess
import sys

SCRIPT = """
import json, sys
from localstack.services.sns import constants, publisher
from localstack.services.sns.models import SnsMessage

logged = []
publisher.store_delivery_log = lambda message, subscriber, **_: logged.append(subscriber["Protocol"])
if sys.argv[1:] == ["ours"]:
    from localcloud.sns import apply
    apply()
from localstack.services.sns.provider import SnsProvider

topic = "arn:aws:sns:us-east-1:000000000000:topic"
subscriber = {"TopicArn": topic, "Protocol": "http", "SubscriptionArn": topic + ":1"}
for protocol in ("sms", "http"):
    publisher.store_delivery_log("message", {"Protocol": protocol}, success=True)
posted = json.loads(publisher.create_sns_message_body(SnsMessage("Notification", "text"), subscriber))
route = SnsProvider.get_signature_cert_pem_file.rule_attributes[0].path
print(json.dumps({"posted": posted, "route": route, "logged": logged}))
"""
CERTIFICATE = "/SimpleNotificationService-6c6f63616c737461636b69736e696365.pem"


def told(*arguments: str) -> dict[str, object]:
    """Run it in a process of its own: the provider takes its route when it is imported."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        env={"GATEWAY_LISTEN": "127.0.0.1:4599", "PYTHONPATH": ":".join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_a_message_leads_to_this_cloud_which_has_its_certificate_and_texts_are_not_logged() -> None:
    found = told("ours")
    assert isinstance(found["posted"], dict)
    assert found["posted"]["SigningCertURL"] == f"http://127.0.0.1:4599{CERTIFICATE}"
    assert found["posted"]["UnsubscribeURL"].startswith("http://127.0.0.1:4599/?Action=Unsubscribe&")
    assert found["route"] == CERTIFICATE
    assert found["logged"] == ["http"]


def test_localstack_leads_elsewhere() -> None:
    found = told()
    assert isinstance(found["posted"], dict)
    assert (
        found["posted"]["SigningCertURL"] == f"http://localhost.localstack.cloud:4599/_aws/sns{CERTIFICATE}"
    )
    assert found["logged"] == ["sms", "http"], "LocalStack does this itself now: delete it from sns.py"
