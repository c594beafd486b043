"""What the topic tells partners by HTTPS and rangers by text, and what the receiver believes."""

import json
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import requests

from support.system import Api, Make, poll

Aws = Callable[[str], Any]
Message = dict[str, Any]
Signed = Callable[[str], Message]
"""Waits for SNS's message about the dragon of a name, in the envelope that it signs."""


@pytest.fixture
def receiver(outputs: dict[str, Any]) -> str:
    """The receiver's URL."""
    return f"{outputs['http_api_url']}/webhooks/sightings"


@pytest.fixture
def webhook(receiver: str, outputs: dict[str, Any], aws: Aws) -> dict[str, str]:
    """The subscription of this environment's own receiver, where there is one."""
    pages = (
        aws("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=outputs["sightings_topic"])
    )
    found = [each for page in pages for each in page["Subscriptions"] if each["Endpoint"] == receiver]
    if not found:
        pytest.skip("the environment's own receiver is no webhook of its topic")
    attributes: dict[str, str] = aws("sns").get_subscription_attributes(
        SubscriptionArn=found[0]["SubscriptionArn"]
    )["Attributes"]
    return attributes


@pytest.fixture
def records(outputs: dict[str, Any], aws: Aws) -> Iterator[Callable[[str], list[dict[str, Any]]]]:
    """Find what the receiver recorded of a dragon; it goes when the test ends."""
    table, names = aws("dynamodb"), list[str]()

    def read(name: str) -> list[dict[str, Any]]:
        names.append(name)
        pages = table.get_paginator("scan").paginate(
            TableName=outputs["received_table"],
            FilterExpression="contains(detail, :name)",
            ExpressionAttributeValues={":name": {"S": name}},
            ConsistentRead=True,
        )
        return [item for page in pages for item in page["Items"]]

    yield read
    for name in set(names):
        for item in read(name):
            table.delete_item(TableName=outputs["received_table"], Key={"event_id": item["event_id"]})


@pytest.fixture
def queue(aws: Aws) -> Iterator[dict[str, str]]:
    """A queue that topics of the account may send to: its URL and ARN."""
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName=f"e2e-{uuid.uuid4()}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"StringEquals": {"aws:SourceAccount": arn.split(":")[4]}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    yield {"url": url, "arn": arn}
    sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def signed(queue: dict[str, str], outputs: dict[str, Any], aws: Aws) -> Iterator[Signed]:
    """Hear of dragons as partners do, by a queue, which SNS sends the same signed messages."""
    sns = aws("sns")
    subscription = sns.subscribe(
        TopicArn=outputs["sightings_topic"], Protocol="sqs", Endpoint=queue["arn"], ReturnSubscriptionArn=True
    )["SubscriptionArn"]

    def of(name: str) -> Message:
        found = poll(partial(taken, aws("sqs"), queue["url"], name), f"a message of {name}")
        message: Message = json.loads(found["Body"])
        return message

    yield of
    sns.unsubscribe(SubscriptionArn=subscription)


def taken(sqs: Any, url: str, text: str) -> dict[str, Any] | None:
    """Take the message that has a text out of a queue."""
    answer = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=10,
        VisibilityTimeout=2,
        WaitTimeSeconds=1,
        MessageAttributeNames=["All"],
    )
    for message in answer.get("Messages", []):
        if text in message["Body"]:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            return dict(message)
    return None


def post(receiver: str, body: Message | str) -> requests.Response:
    """Post as SNS does."""
    return requests.post(
        receiver,
        data=(body if isinstance(body, str) else json.dumps(body)).encode(),
        headers={"Content-Type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": "Notification"},
        timeout=60,
    )


def test_a_partner_hears_once_of_what_comes_and_goes_in_the_families_that_it_follows(
    api: Api,
    make_report: Make,
    webhook: dict[str, str],
    records: Callable[[str], list[dict[str, Any]]],
    outputs: dict[str, Any],
    aws: Aws,
) -> None:
    families = json.loads(webhook["FilterPolicy"])["$or"][0]["detail"]["dragon"]["family_str"]
    other, followed = make_report(), make_report(family=families[0])
    for report in (other, followed):
        api.accepted(report)
    [item] = poll(lambda: records(followed["dragonName"]) or None, "the dragon in the receiver's table")
    assert item["type"]["S"] == "DragonAdded"
    assert json.loads(item["detail"]["S"])["dragon"]["family_str"] == families[0]
    key = {"dragon_name_str": {"S": followed["dragonName"]}}
    aws("dynamodb").delete_item(TableName=outputs["dragons_table"], Key=key)
    poll(lambda: len(records(followed["dragonName"])) > 1 or None, "its end in the receiver's table")
    found = [each["type"]["S"] for each in records(followed["dragonName"])]
    assert sorted(found) == ["DragonAdded", "DragonRemoved"]
    assert records(other["dragonName"]) == []


def test_what_sns_signed_is_recorded_once_and_nothing_that_was_changed_since(
    api: Api, make_report: Make, receiver: str, signed: Signed, records: Callable[[str], list[dict[str, Any]]]
) -> None:
    name = make_report()["dragonName"]
    api.accepted(make_report(dragonName=name))
    message = signed(name)
    host = message["SigningCertURL"].partition("://")[2].partition("/")[0]
    for field, value in {
        "Message": message["Message"].replace(name, f"{name}-forged"),
        "MessageId": str(uuid.uuid4()),
        "Timestamp": message["Timestamp"].replace("20", "19", 1),
        "TopicArn": f"{message['TopicArn']}-another",
        "Signature": message["Signature"].swapcase(),
        "SigningCertURL": message["SigningCertURL"].replace(host, f"{host}@127.0.0.1"),
    }.items():
        forged = post(receiver, message | {field: value})
        assert forged.status_code == 403, forged.text
        assert {error["field"] for error in forged.json()["errors"]} <= {field, "Signature"}
    assert records(name) == []
    assert [post(receiver, message).json()["message"] for _ in range(2)] == ["recorded", "recorded before"]
    [item] = records(name)
    assert item["message_id"]["S"] == message["MessageId"]


def test_what_another_topic_sends_is_refused_though_sns_signed_it(
    receiver: str, queue: dict[str, str], aws: Aws
) -> None:
    sns = aws("sns")
    topic = sns.create_topic(Name=f"e2e-{uuid.uuid4()}")["TopicArn"]
    try:
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue["arn"])
        sns.publish(TopicArn=topic, Message=topic)
        found = poll(partial(taken, aws("sqs"), queue["url"], topic), "the other topic's message")
        answer = post(receiver, json.loads(found["Body"]))
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (403, "TopicArn")
    finally:
        sns.delete_topic(TopicArn=topic)


@pytest.mark.parametrize(
    "body", ["", "[]", "{", "no JSON", '{"Type": "Notification"}', "[" * 100_000, "x" * 1_100_000]
)
def test_what_sns_would_not_post_is_refused_with_the_error_body(receiver: str, body: str) -> None:
    answer = post(receiver, body)
    assert answer.status_code == 400
    assert answer.json()["message"] == "Not a message of SNS"
    assert answer.json()["errors"]


def test_what_a_webhook_refuses_is_in_its_own_dead_letter_queue(
    webhook: dict[str, str], outputs: dict[str, Any], aws: Aws
) -> None:
    # The name of the queue of undelivered messages has the partner's word, and so has the output.
    arn = json.loads(webhook["RedrivePolicy"])["deadLetterTargetArn"]
    [partner] = [
        word for word, url in outputs["dead_letter_queues"].items() if url.endswith(arn.split(":")[-1])
    ]
    families = json.loads(webhook["FilterPolicy"])["$or"][0]["detail"]["dragon"]["family_str"]
    marker = f"e2e-{uuid.uuid4()}"
    no_event = json.dumps({"marker": marker, "detail": {"dragon": {"family_str": families[0]}}})
    aws("sns").publish(TopicArn=outputs["sightings_topic"], Message=no_event)
    try:
        url = outputs["dead_letter_queues"][partner]
        found = poll(
            partial(taken, aws("sqs"), url, marker), "the message in the webhook's dead-letter queue"
        )
        assert json.loads(found["Body"])["Message"] == no_event
    finally:  # the tally does not know what it is, either
        poll(
            partial(taken, aws("sqs"), outputs["dead_letter_queues"]["tally_families"], marker),
            "the message in the dead-letter queue of tally_families",
        )


def test_rangers_have_a_text_for_each_new_dragon(
    api: Api, make_report: Make, texts_to: Callable[[str], list[str]], outputs: dict[str, Any], aws: Aws
) -> None:
    topic = outputs["sightings_topic"].replace("-sightings", "-rangers")
    rangers = aws("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    if not rangers:
        pytest.skip("the environment names no rangers")
    report = make_report(city="Boulder")
    api.accepted(report)

    def text() -> str | None:
        texts = texts_to(rangers[0]["Endpoint"])
        return next((each for each in texts if report["dragonName"] in each), None)

    dragon = f"{report['dragonName']}, family {report['family']}"
    assert poll(text, "the rangers' text") == (
        f'"New dragon: {dragon}, seen in Boulder, {report["country"]}."'
    )
