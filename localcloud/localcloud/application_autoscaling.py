"""The control plane of Application Auto Scaling: moto's, with tags. It keeps all, and scales nothing.

Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from localstack.aws.api import RequestContext, ServiceRequest, ServiceResponse
from localstack.aws.skeleton import DispatchTable
from localstack.services.moto import call_moto
from localstack.services.plugins import Service, aws_provider

from localcloud.moto_service import by_request, moto_service

_tags: defaultdict[str, dict[str, str]] = defaultdict(dict)
"""By the target's ARN, which is another one for each registration."""


def _register(context: RequestContext, request: ServiceRequest) -> ServiceResponse:
    response: Any = call_moto(context)
    tagged: Any = request
    _tags[response["ScalableTargetARN"]] |= tagged.get("Tags", {})
    return response


def _tag(request: Mapping[str, Any]) -> Mapping[str, Any]:
    _tags[request["ResourceARN"]] |= request["Tags"]
    return {}


def _untag(request: Mapping[str, Any]) -> Mapping[str, Any]:
    for key in request["TagKeys"]:
        _tags[request["ResourceARN"]].pop(key, None)
    return {}


def _list_tags(request: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"Tags": _tags[request["ResourceARN"]]}


OPERATIONS: DispatchTable = {
    "ListTagsForResource": by_request(_list_tags),
    "RegisterScalableTarget": _register,
    "TagResource": by_request(_tag),
    "UntagResource": by_request(_untag),
}
"""What serves an operation in place of moto."""


@aws_provider(api="application-autoscaling")  # type: ignore[untyped-decorator]
def provider() -> Service:
    """Return the service."""
    return moto_service("application-autoscaling", OPERATIONS)
