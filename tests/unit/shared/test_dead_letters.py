"""A message that no retry mends is set aside as it came, with its reason."""

from typing import Any

from dragons.dead_letters import DeadLetters


class FakeSqs:
    """SQS, which notes what is sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def send_message(self, **message: Any) -> None:
        self.sent.append(message)


def sent(*words: str, **ids: str) -> dict[str, Any]:
    sqs = FakeSqs()
    DeadLetters(sqs, "url").send(*words, **ids)  # type: ignore[arg-type]
    [message] = sqs.sent
    return message


def test_a_message_is_sent_with_its_reason() -> None:
    assert sent("{", "not JSON") == {
        "QueueUrl": "url",
        "MessageBody": "{",
        "MessageAttributes": {"reason": {"DataType": "String", "StringValue": "not JSON"}},
    }


def test_a_fifo_queue_is_told_what_it_wants_besides() -> None:
    message = sent("{", "not JSON", group_id="group", deduplication_id="id")
    assert (message["MessageGroupId"], message["MessageDeduplicationId"]) == ("group", "id")


def test_a_reason_is_text_that_sqs_takes_and_not_too_long() -> None:
    message = sent("{", "type \x00\ud800é" + "x" * 2000)
    value = message["MessageAttributes"]["reason"]["StringValue"]
    assert value.startswith("type ??é")
    assert len(value) == 1000
