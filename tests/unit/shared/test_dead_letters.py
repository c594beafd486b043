"""A message that no retry mends is set aside as it came, with its reason."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

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


@given(st.sampled_from(["x", "é", "\U0001f409"]), st.integers(0, 3000), st.sampled_from(["", "é"]))
def test_a_message_that_leaves_no_room_for_its_reason_loses_its_end(
    character: str, less: int, reason: str
) -> None:
    limit = 256 * 1024
    body = character * ((limit - less) // len(character.encode()))
    message = sent(body, "too large: " + reason * 989)
    told = message["MessageBody"]
    attributes = {name: each["StringValue"] for name, each in message["MessageAttributes"].items()}
    types = sum(len(name) + len(each["DataType"]) for name, each in message["MessageAttributes"].items())
    assert len(told.encode()) + types + sum(len(each.encode()) for each in attributes.values()) <= limit
    assert body.startswith(told)
    lost = len(body.encode()) - len(told.encode())
    assert 0 <= lost - int(attributes.get("left_out", 0)) < 4
    assert attributes["reason"].startswith("too large: ")
