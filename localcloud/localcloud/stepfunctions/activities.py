"""Tags of activities, which LocalStack has none of: Terraform asks for those that it has just given.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateActivity.html: tags given for
an activity that is there already change nothing.
"""

from collections.abc import Callable
from typing import Any

from localstack.services.stepfunctions.backend import state_machine
from localstack.services.stepfunctions.provider import StepFunctionsProvider
from localstack.utils import patch as patching


def apply() -> None:
    """Wrap what makes activities, and what sets and tells tags."""
    patch: Any = patching.patch
    patch(StepFunctionsProvider.create_activity)(_create)
    patch(StepFunctionsProvider.tag_resource)(_of_activity(lambda tags, given: tags.add_all(given["tags"])))
    patch(StepFunctionsProvider.untag_resource)(
        _of_activity(lambda tags, given: tags.remove_all(given["tag_keys"]))
    )
    patch(StepFunctionsProvider.list_tags_for_resource)(
        _of_activity(lambda tags, _: {"tags": tags.to_tag_list()})
    )


def _create(fn: Callable[..., Any], provider: Any, context: Any, **given: Any) -> Any:
    there = set(provider.get_store(context).activities)
    made = fn(provider, context, **given)
    if made["activityArn"] not in there:
        backend: Any = state_machine
        tags = backend.TagManager()
        tags.add_all(given.get("tags") or [])
        provider.get_store(context).activities[made["activityArn"]].tag_manager = tags
    return made


def _of_activity(operation: Callable[[Any, dict[str, Any]], Any]) -> Callable[..., Any]:
    """An operation on the tags of an activity; those of other resources are LocalStack's."""

    def wrapped(fn: Callable[..., Any], provider: Any, context: Any, **given: Any) -> Any:
        activity = provider.get_store(context).activities.get(given["resource_arn"])
        if activity is None:
            return fn(provider, context, **given)
        return operation(activity.tag_manager, given) or {}

    return wrapped
