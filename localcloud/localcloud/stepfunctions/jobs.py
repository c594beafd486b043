"""Jobs that a task waits for (`.sync`), where LocalStack does not, and the end of those that are aborted.

Sources: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html (an aborted job is
stopped, but for an EMR cluster), connect-ecs.html, connect-sagemaker.html, connect-emr.html and
connect-codebuild.html. A job that fails is States.TaskFailed, and its cause is what the service tells of it,
with dates in milliseconds.
Left out: EMR's modifyInstanceFleetByName and modifyInstanceGroupByName, SageMaker's labeling jobs.
"""

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from localstack.aws.api.stepfunctions import HistoryEventType, TaskFailedEventDetails
from localstack.services.stepfunctions.asl.component.common.error_name import error_name, failure_event
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import (
    state_task_service,
    state_task_service_callback,
    state_task_service_ecs,
    state_task_service_factory,
    state_task_service_unsupported,
)
from localstack.services.stepfunctions.asl.eval.event.event_detail import EventDetails
from localstack.services.stepfunctions.asl.eval.program_state import ProgramEnded
from localstack.services.stepfunctions.asl.utils.boto_client import boto_client_for
from localstack.utils import patch as patching
from localstack.utils.strings import camel_to_snake_case

_WITHOUT_TOKEN = {"batch", "codebuild", "elasticmapreduce", "glue", "sagemaker"}
_NAMES = {"codebuild": "CodeBuild", "ecs": "ECS", "elasticmapreduce": "ElasticMapReduce"}
_NAMES |= {"sagemaker": "SageMaker"}
_EMR = {"addStep": "add_job_flow_steps", "cancelStep": "cancel_steps", "createCluster": "run_job_flow"}
_EMR |= {"setClusterTerminationProtection": "set_termination_protection"}
_EMR |= {"terminateCluster": "terminate_job_flows"}
_SUCCEEDED = {"COMPLETED", "Completed", "SUCCEEDED", "WAITING"}
_FAILED = {"CANCELLED", "FAILED", "FAULT", "Failed", "INTERRUPTED", "STOPPED", "Stopped", "TERMINATED"}
_FAILED |= {"TERMINATED_WITH_ERRORS", "TIMED_OUT"}
_REASON = "Stopped by Step Functions"
_Unsupported: Any = state_task_service_unsupported.StateTaskServiceUnsupported


class JobTask(_Unsupported):  # type: ignore[misc]
    """A task of CodeBuild, EMR or SageMaker: LocalStack forwards calls to them, and does no more."""

    def __init__(self) -> None:
        super().__init__()
        self._supported_integration_patterns = {"sync", "waitForTaskToken"}

    def _log_unsupported_warning(self) -> None:
        pass

    def _get_boto_service_action(self, service_action_name: str | None = None) -> str:
        action: str = super()._get_boto_service_action(service_action_name)
        return _EMR.get(self.resource.api_action, action) if service_action_name is None else action

    def _eval_service_task(self, env: Any, normalised_parameters: Any, **at: Any) -> None:
        sent = dict(normalised_parameters)
        if self.resource.service_name == "elasticmapreduce":
            sent = _to_emr(self.resource.api_action, sent)
        super()._eval_service_task(env, normalised_parameters=sent, **at)
        env.stack.append(_plain(_from_emr(env.stack.pop())))

    def _build_sync_resolver(self, env: Any, normalised_parameters: Any, **at: Any) -> Callable[[], Any]:
        submitted = env.stack.pop()
        client = _client(self, **at)
        succeeded = {"TERMINATED"} if self.resource.api_action == "terminateCluster" else _SUCCEEDED

        def resolve() -> Any:
            state, told = _find(self, client, normalised_parameters, submitted)
            if state in _FAILED - succeeded:
                raise _failed(self, env, told)
            return _plain(told) if state in succeeded else None

        return resolve


def apply() -> None:
    """Put these in place of what LocalStack does; each cell of AWS's table is then as it is there."""
    patch: Any = patching.patch
    factory: Any = state_task_service_factory
    ecs: Any = state_task_service_ecs.StateTaskServiceEcs
    state_task_service.StateTaskService._SERVICE_NAME_SFN_TO_BOTO_OVERRIDES["elasticmapreduce"] = "emr"
    factory.StateTaskServiceUnsupported = JobTask
    patch(ecs._build_sync_resolver)(_ecs_resolver)
    for task in (ecs, JobTask):
        patch(task._from_error)(_error)
    patch(state_task_service.StateTaskService.from_state_props)(_refuse_tokens)
    patch(state_task_service_callback.StateTaskServiceCallback._eval_integration_pattern)(_stop_aborted)


def _to_emr(action: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What the integration calls by one cluster, step or id, as EMR's own API takes it."""
    asked |= {f"{name}s": [asked.pop(name)] for name in ("Step", "StepId") if name in asked}
    if action == "addStep":
        asked["JobFlowId"] = asked.pop("ClusterId")
    elif action in {"setClusterTerminationProtection", "terminateCluster"}:
        asked["JobFlowIds"] = [asked.pop("ClusterId")]
    return asked


def _from_emr(response: dict[str, Any]) -> dict[str, Any]:
    lists = {"StepIds": "StepId", "CancelStepsInfoList": "CancelStepsInfo"}
    response |= {one: response.pop(many)[0] for many, one in lists.items() if many in response}
    return response | ({"ClusterId": response.pop("JobFlowId")} if "JobFlowId" in response else {})


def _find(task: Any, client: Any, asked: Any, submitted: Any) -> tuple[str, Any]:
    """The job's state, and what its service tells of it."""
    if "Build" in submitted:
        response = client.batch_get_builds(ids=[submitted["Build"]["Id"]])
        task._normalise_response(response, service_action_name="batch_get_builds")
        [build] = response["Builds"]
        return build["BuildStatus"], {"Build": build}
    if task.resource.service_name == "sagemaker":
        kind = task.resource.api_action.removeprefix("create")
        told = getattr(client, camel_to_snake_case(f"describe{kind}"))(**_by_name(kind, asked))
        return told[f"{kind}Status"], told
    cluster = {"ClusterId": asked.get("ClusterId") or submitted["ClusterId"]}
    if "StepId" in submitted:
        told = client.describe_step(**cluster, StepId=submitted["StepId"])
        return told["Step"]["Status"]["State"], told
    told = client.describe_cluster(**cluster)
    return told["Cluster"]["Status"]["State"], cluster | told


def _ecs_resolver(fn: Callable[..., Any], task: Any, env: Any, **at: Any) -> Callable[[], Any]:
    """LocalStack's, which takes each task that has stopped for one that has succeeded."""
    resolve = fn(task, env=env, **at)

    def resolve_or_fail() -> Any:
        told = resolve()
        if told and {container.get("ExitCode") for container in told["Containers"]} != {0}:
            raise _failed(task, env, told)
        return told and _plain(told)

    return resolve_or_fail


def _stop_aborted(fn: Callable[..., None], task: Any, env: Any, **at: Any) -> None:
    """Stop a job whose task's time is over, or whose execution was stopped."""
    submitted = dict(env.stack[-1])
    asked = at["normalised_parameters"]
    try:
        fn(task, env=env, **at)
    finally:
        if not env.is_running() and task.resource.condition != "waitForTaskToken":
            _stop(task, _client(task, at["resource_runtime_part"], at["state_credentials"]), asked, submitted)
            if isinstance(env.program_state(), ProgramEnded):  # else the execution was stopped
                raise TimeoutError  # the task would be told to have succeeded


def _stop(task: Any, client: Any, asked: Any, submitted: Any) -> None:
    match task.resource.service_name:
        case "batch":
            client.terminate_job(jobId=submitted["JobId"], reason=_REASON)
        case "codebuild":
            client.stop_build(id=submitted["Build"]["Id"])
        case "ecs":
            ran = submitted["Tasks"][0]
            client.stop_task(cluster=ran["ClusterArn"], task=ran["TaskArn"], reason=_REASON)
        case "elasticmapreduce" if "StepId" in submitted:
            client.cancel_steps(ClusterId=asked["ClusterId"], StepIds=[submitted["StepId"]])
        case "glue":
            client.batch_stop_job_run(JobName=asked["JobName"], JobRunIds=[submitted["JobRunId"]])
        case "sagemaker":
            kind = task.resource.api_action.removeprefix("create")
            getattr(client, camel_to_snake_case(f"stop{kind}"))(**_by_name(kind, asked))
        case "states":
            client.stop_execution(executionArn=submitted["ExecutionArn"], cause=_REASON)


def _refuse_tokens(fn: Callable[[Any, Any], None], task: Any, state_props: Any) -> None:
    fn(task, state_props)
    if task.resource.condition == "waitForTaskToken" and task.resource.service_name in _WITHOUT_TOKEN:
        raise ValueError(f"The resource provided {task.resource.resource_arn} is not recognized.")


def _error(fn: Callable[..., Any], task: Any, env: Any, ex: Exception) -> Any:
    if not isinstance(ex, ClientError):
        return fn(task, env=env, ex=ex)
    service = _NAMES.get(task.resource.service_name, task.resource.service_name)
    error = f"{service}.{ex.response['Error']['Code'].removesuffix('Exception')}Exception"
    return _failure(task, env, error, ex.response["Error"]["Message"])


def _failed(task: Any, env: Any, told: Any) -> Exception:
    failure = _failure(task, env, "States.TaskFailed", json.dumps(_plain(told)))
    return failure_event.FailureEventException(failure)


def _failure(task: Any, env: Any, error: str, cause: str) -> failure_event.FailureEvent:
    resource, kind = task._get_sfn_resource(), task._get_sfn_resource_type()
    told = TaskFailedEventDetails(error=error, cause=cause, resource=resource, resourceType=kind)
    details = EventDetails(taskFailedEventDetails=told)
    name = error_name.ErrorName(error)
    return failure_event.FailureEvent(env, name, HistoryEventType.TaskFailed, details)


def _by_name(kind: str, asked: Any) -> dict[str, str]:
    return {f"{kind}Name": asked[f"{kind}Name"]}


def _client(task: Any, resource_runtime_part: Any, state_credentials: Any) -> Any:
    region, service = resource_runtime_part.region, task._get_boto_service_name()
    return boto_client_for(service, region, state_credentials)


def _plain(response: Any) -> Any:
    response.pop("ResponseMetadata", None)
    return json.loads(json.dumps(response, default=lambda date: int(date.timestamp() * 1000)))
