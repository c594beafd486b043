"""AWS Batch and ECS: a job, and a task, is a process of its container's command.

Sources: https://docs.aws.amazon.com/batch/latest/userguide/job_definition_parameters.html and
job_env_vars.html; how a task ends is recorded in LocalStack's test_ecs_task_service.snapshot.json.
Left out: of Batch, retries, the index of array jobs, multi-node and EKS jobs, shares and capacity, AWS's own
role for an environment that has none; of ECS, a task's further containers, secrets, and services (their tasks
stay at RUNNING, and do nothing).
"""

import datetime
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from localstack.aws.api import RequestContext, ServiceRequest, ServiceResponse
from localstack.services.moto import call_moto
from localstack.services.plugins import Service, aws_provider
from localstack.utils import patch as patching
from moto.batch.models import Job
from moto.ecs import models
from moto.moto_api import state_manager

from localcloud.jobs import process
from localcloud.moto_service import moto_service

NEVER = {"progression": "manual", "times": sys.maxsize}
"""Of moto: a state changes only when it is set."""
_ENDED = "Essential container in task exited"


@aws_provider(api="batch")  # type: ignore[untyped-decorator]
def batch() -> Service:
    """Return Batch; moto then needs no Docker."""
    patch: Any = patching.patch
    job: Any = Job
    job.run = _run_job
    patch(job.terminate)(_terminate_job)
    patch(job._container_details)(_container_details)
    return moto_service("batch", {})


@aws_provider(api="ecs")  # type: ignore[untyped-decorator]
def ecs() -> Service:
    """Return ECS; moto would have each container ask for memory, and Fargate does not."""
    nothing = {"CPU": 0, "MEMORY": 0, "PORTS": [], "PORTS_UDP": []}
    backend: Any = models.EC2ContainerServiceBackend
    backend._calculate_task_resource_requirements = staticmethod(lambda _: nothing)
    state_manager.set_transition("ecs::task", NEVER)
    return moto_service("ecs", {"RunTask": _run_task, "StopTask": _stop_task})


def _run_job(job: Any) -> None:
    """Run a job once those before it have succeeded; moto has a thread for it."""
    if job.depends_on and not job._wait_for_dependencies():
        return
    job.job_started_at, job.log_stream_name = datetime.datetime.now(), job._stream_name
    job._start_attempt()
    job.status = "RUNNING"
    container = job._container_details()
    command, variables = (
        job._add_parameters_to_command(container["command"]),
        _named(container["environment"]),
    )
    log, image = (job._log_group, job._stream_name), job.job_definition.container_properties["image"]
    body = process.Body(command, job.job_definition._region, variables, log, image)
    job.exit_code = process.KILLED if job.stop else process.run(job.job_id, body, job._get_attempt_duration())
    job.job_stopped_reason = job.job_stopped_reason or _ENDED
    job.latest_attempt["container"] |= {"exitCode": job.exit_code}
    job._mark_stopped(success=job.exit_code == 0)


def _terminate_job(fn: Callable[[Any, str], None], job: Any, reason: str) -> None:
    fn(job, reason)
    process.stop(job.job_id)


def _container_details(fn: Callable[[Any], dict[str, Any]], job: Any) -> dict[str, Any]:
    """Add the exit code, and tell each variable once: moto adds to the overrides whenever it is asked."""
    own = (job.job_definition.container_properties, job.container_overrides)
    variables = _named([each for source in own for each in source.get("environment", [])])
    variables |= {"AWS_BATCH_JOB_ID": job.job_id, "AWS_BATCH_JQ_NAME": job.job_queue.name}
    told = [{"name": name, "value": value} for name, value in variables.items()]
    job.container_overrides = job.container_overrides | {"environment": list(told)}
    ended = {} if job.exit_code is None else {"exitCode": job.exit_code}
    return fn(job) | {"environment": told} | ended


def _run_task(context: RequestContext, request: ServiceRequest) -> ServiceResponse:
    response: Any = call_moto(context)
    asked: Any = request
    backend: Any = models.ecs_backends[context.account_id][context.region]
    overrides = (asked.get("overrides") or {}).get("containerOverrides", [])
    for told in response["tasks"]:
        task = backend.tasks[told["clusterArn"].rpartition("/")[2]][told["taskArn"]]
        container = backend.describe_task_definition(task.task_definition_arn).container_definitions[0]
        own: Any = next((each for each in overrides if each["name"] == container["name"]), {})
        options = container.get("logConfiguration", {}).get("options", {})
        stream = f"{options.get('awslogs-stream-prefix', 'ecs')}/{container['name']}/{task.id}"
        command = [*container.get("entryPoint", []), *own.get("command", container.get("command", []))]
        variables = _named([*container["environment"], *own.get("environment", [])])
        log = (options.get("awslogs-group", "/ecs"), stream)
        body = process.Body(command, context.region, variables, log, container["image"])
        process.start(task.id, body, partial(_tell, task))
    return cast("ServiceResponse", response)


def _tell(task: Any, state: str, code: int) -> None:
    [container] = task.containers
    if state == "RUNNING":
        del container.exitCode  # moto has 0 from the start
        return
    container.exitCode, container.last_status = code, "STOPPED"
    task.stop_code = "UserInitiated" if state == "STOPPED" else "EssentialContainerExited"
    task.stopped_reason = task.stopped_reason or _ENDED
    task.last_status = task.desired_status = "STOPPED"


def _stop_task(context: RequestContext, request: ServiceRequest) -> ServiceResponse:
    asked: Any = request
    response = call_moto(context)
    process.stop(asked["task"].rpartition("/")[2])
    return response


def _named(variables: list[dict[str, str]]) -> dict[str, str]:
    return {each["name"]: each["value"] for each in variables}
