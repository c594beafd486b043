"""What commands make and find in an account: the bucket for the state, and what is an environment's."""

import os
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tasks.account import remains
from tasks.account.state_bucket import StateBucket


@pytest.fixture
def s3(aws: Callable[[str], Any]) -> Any:
    if "AWS_ENDPOINT_URL" not in os.environ:
        pytest.skip("a bucket for the state would be made in an account of AWS")
    return aws("s3")


@pytest.fixture
def name(s3: Any) -> Iterator[str]:
    bucket = f"e2e-{uuid.uuid4()}"
    yield bucket
    s3.delete_bucket(Bucket=bucket)


def test_a_bucket_for_the_state_is_made_once(s3: Any, name: str, aws: Callable[[str], Any]) -> None:
    account = aws("sts").get_caller_identity()["Account"]
    assert StateBucket(s3, name, account, "us-east-1").bring_up_to_date()[0] == "made"
    assert StateBucket(s3, name, account, "us-east-1").bring_up_to_date() == []


def test_what_is_named_after_an_environment_is_found(
    outputs: dict[str, Any], aws: Callable[[str], Any]
) -> None:
    environment = outputs["parameter_path"].rpartition("/")[2]
    found = list(remains.find(aws, environment, [outputs["rest_api_id"]]))
    assert not [name for _, name in found if name.startswith("could not be listed")]
    assert {kind for kind, _ in found} >= {kind for kind, *_ in remains._LISTS} - {"API key"}
    assert ("table", outputs["dragons_table"]) in found
    assert ("log group", f"API-Gateway-Execution-Logs_{outputs['rest_api_id']}/v1") in found
