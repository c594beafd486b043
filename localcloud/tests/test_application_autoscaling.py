"""Application Auto Scaling: moto's, but for the tags, which it takes and does not tell."""

from typing import Any

from localstack.aws.forwarder import create_aws_request_context
from localstack.services.moto import call_moto
from moto import mock_aws

from localcloud.application_autoscaling import OPERATIONS

TARGET = {
    "ServiceNamespace": "lambda",
    "ResourceId": "function:f:live",
    "ScalableDimension": "lambda:function:ProvisionedConcurrency",
}


def call(operation: str, **parameters: Any) -> Any:
    context = create_aws_request_context(
        "application-autoscaling", operation, "json", parameters, region="us-east-1"
    )
    return OPERATIONS.get(operation, lambda context, _: call_moto(context))(context, parameters)


@mock_aws
def test_a_target_keeps_its_bounds_its_schedule_and_its_tags() -> None:
    registered = call("RegisterScalableTarget", **TARGET, MinCapacity=1, MaxCapacity=3, Tags={"a": "1"})
    resource = {"ResourceARN": registered["ScalableTargetARN"]}
    assert call("ListTagsForResource", **resource) == {"Tags": {"a": "1"}}
    call("TagResource", **resource, Tags={"b": "2"})
    call("UntagResource", **resource, TagKeys=["a", "c"])
    assert call("ListTagsForResource", **resource) == {"Tags": {"b": "2"}}
    action = {"MinCapacity": 2, "MaxCapacity": 4}
    call(
        "PutScheduledAction",
        **TARGET,
        ScheduledActionName="morning",
        Schedule="cron(0 8 ? * MON-FRI *)",
        ScalableTargetAction=action,
    )
    [target] = call("DescribeScalableTargets", ServiceNamespace="lambda")["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 3)
    [scheduled] = call("DescribeScheduledActions", ServiceNamespace="lambda")["ScheduledActions"]
    assert scheduled["ScalableTargetAction"] == action
