"""Tags of activities, beside those of state machines, which LocalStack has."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from localstack.aws.api.stepfunctions import ResourceNotFound
from localstack.services.stepfunctions.provider import StepFunctionsProvider

from localcloud.stepfunctions import activities


class Provider(StepFunctionsProvider):
    """Step Functions with one store."""

    def __init__(self) -> None:
        self._store: Any = SimpleNamespace(activities={}, state_machines={})

    def get_store(self, context: object) -> Any:  # type: ignore[override]
        return self._store


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in ("create_activity", "tag_resource", "untag_resource", "list_tags_for_resource"):
        monkeypatch.setattr(
            StepFunctionsProvider, name, getattr(StepFunctionsProvider, name)
        )  # to be put back
    activities.apply()
    return Provider()


CONTEXT = SimpleNamespace(account_id="000000000000", region="us-east-1")


def tags(steps: Any, arn: str) -> dict[str, str]:
    found = steps.list_tags_for_resource(CONTEXT, resource_arn=arn)["tags"]
    return {tag["key"]: tag["value"] for tag in found}


def test_an_activity_has_the_tags_that_it_is_given(steps: Any) -> None:
    given = [{"key": "Project", "value": "animals"}]
    arn = steps.create_activity(CONTEXT, name="feed", tags=given)["activityArn"]
    assert tags(steps, arn) == {"Project": "animals"}
    steps.tag_resource(CONTEXT, resource_arn=arn, tags=[{"key": "Kind", "value": "cat"}])
    assert tags(steps, arn) == {"Project": "animals", "Kind": "cat"}
    steps.untag_resource(CONTEXT, resource_arn=arn, tag_keys=["Project"])
    assert tags(steps, arn) == {"Kind": "cat"}


def test_made_again_it_keeps_its_tags(steps: Any) -> None:
    made = [
        steps.create_activity(CONTEXT, name="feed", tags=[{"key": "Made", "value": value}])
        for value in ("first", "again")
    ]
    assert made[0] == made[1]
    assert tags(steps, made[0]["activityArn"]) == {"Made": "first"}


def test_an_activity_without_tags_has_none(steps: Any) -> None:
    assert tags(steps, steps.create_activity(CONTEXT, name="feed")["activityArn"]) == {}


def test_what_is_not_there_is_not_found(steps: Any) -> None:
    arn = "arn:aws:states:us-east-1:000000000000:activity:none"
    calls: list[Callable[[], object]] = [
        lambda: steps.list_tags_for_resource(CONTEXT, resource_arn=arn),
        lambda: steps.tag_resource(CONTEXT, resource_arn=arn, tags=[]),
        lambda: steps.untag_resource(CONTEXT, resource_arn=arn, tag_keys=[]),
    ]
    for call in calls:
        with pytest.raises(ResourceNotFound):
            call()
