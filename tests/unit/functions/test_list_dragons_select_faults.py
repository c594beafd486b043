"""What S3 Select cannot do, answered with what to do."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from dragons.dataset import to_lines
from list_dragons.unavailable import QueryUnavailableError
from support.event_stream import event, failure, parsed, stats
from support.fake_select import SelectingS3, refusal
from support.selecting import dataset, dragon, key, names


class RefusingS3(SelectingS3):
    """S3 that answers every statement with an error, or a stream of these bytes."""

    def __init__(self, answer: ClientError | bytes) -> None:
        super().__init__()
        self.answer = answer
        self.objects[key(0)] = to_lines([dragon("a")])

    def select_object_content(self, *_args: Any, **_given: Any) -> Any:
        """Refuse."""
        if isinstance(self.answer, ClientError):
            raise self.answer
        return {"Payload": parsed([self.answer])}


@pytest.mark.parametrize(
    ("answer", "retry_after", "words"),
    [
        (refusal("MethodNotAllowed", 405), None, "query_engine to scan"),
        (refusal("SlowDown", 503), 1, "ask again"),
        (refusal("Busy"), 1, "ask again"),
        (refusal("Unheard", 503), 1, "ask again"),
        (failure("Busy"), 1, "ask again"),
        (failure("OverMaxRecordSize"), None, key(0)),
        (event("Records", to_lines([dragon("a")])), 1, "ask again"),
        (event("Records", to_lines([dragon("a")])) + stats(9), 1, "ask again"),
    ],
)
def test_a_fault_says_what_to_do(answer: ClientError | bytes, retry_after: int | None, words: str) -> None:
    with pytest.raises(QueryUnavailableError) as caught:
        names(RefusingS3(answer))
    assert caught.value.retry_after == retry_after
    assert words in caught.value.remedy


def test_a_fault_that_is_not_known_stays_as_it_is() -> None:
    denied = refusal("AccessDenied", 403)
    with pytest.raises(ClientError) as caught:
        names(RefusingS3(denied))
    assert caught.value is denied


def test_a_record_of_more_than_a_megabyte_is_named_by_its_object() -> None:
    s3 = dataset([dragon("a")], [dragon("b", description_str="x" * (1 << 20))])
    with pytest.raises(QueryUnavailableError, match=key(1)):
        names(s3)
