"""Glue, SageMaker, EMR and CodeBuild: a job is a process of the script or command in its input.

Glue: the script in S3, under plain Python. SageMaker: ContainerEntrypoint and ContainerArguments of a
training job. EMR: the arguments of a step of `command-runner.jar`,
https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-commandrunner.html. CodeBuild: the commands of an
inline specification, https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html.
A job without a command succeeds at once, as SageMaker's other jobs do. Left out: what else their images do
(Spark, channels, sources, artifacts), several steps in one request, ActionOnFailure, a cluster's own time.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, cast

import yaml
from localstack.aws.api import RequestContext, ServiceRequest, ServiceResponse
from localstack.aws.api.core import ServiceRequestHandler
from localstack.services.moto import call_moto
from localstack.services.plugins import Service, aws_provider
from localstack.utils import patch as patching
from localstack.utils.strings import camel_to_snake_case
from moto.codebuild import responses as moto_codebuild
from moto.emr.models import emr_backends
from moto.glue.models import FakeJobRun, glue_backends
from moto.moto_api import state_manager
from moto.sagemaker.models import sagemaker_backends

from localcloud import settings
from localcloud.jobs import process
from localcloud.jobs.containers import NEVER
from localcloud.moto_service import moto_service

_SCRIPT = "import os, urllib.request as web; exec(web.urlopen(os.environ['SCRIPT_URL']).read())"
_PHASES = ("install", "pre_build", "build", "post_build")
_Job = tuple[str, Sequence[str], Mapping[str, str], Callable[[str, Any], None]]
"""A job's id, command and variables, and what sets a member of moto's."""


def _starts(
    backends: Any, job_of: Callable[[Any, Any, Any], _Job], member: str, error: str, **names: str
) -> ServiceRequestHandler:
    """An operation that starts a job.

    Args:
        backends: Moto's.
        job_of: What makes the job of a backend, the request and moto's response.
        member: Where moto has the job's state.
        error: Where moto has why it failed.
        names: What states are called other than RUNNING, SUCCEEDED, FAILED and STOPPED.
    """

    def handle(context: RequestContext, request: ServiceRequest) -> ServiceResponse:
        response = call_moto(context)
        backend = backends[context.account_id][context.region]
        job, command, variables, put = job_of(backend, request, response)

        def tell(state: str, code: int) -> None:
            put(error, f"Command failed with exit code {code}" if code else None)
            put(member, names.get(state, state))

        log = (f"/aws/{backends.service_name}/jobs", job.replace(":", "/"))
        process.start(job, process.Body(command, context.region, variables, log), tell)
        return response

    return handle


def _stops(
    jobs: Callable[[Any], list[str]], respond: Callable[[Any], Any] | None = None
) -> ServiceRequestHandler:
    def handle(context: RequestContext, request: ServiceRequest) -> ServiceResponse:
        process.stop(*jobs(request))
        return respond(request) if respond else call_moto(context)

    return handle


@aws_provider(api="glue")  # type: ignore[untyped-decorator]
def glue() -> Service:
    """Return Glue."""
    patch: Any = patching.patch
    patch(FakeJobRun.as_dict)(lambda fn, run: fn(run) | {"ErrorMessage": getattr(run, "error", None)})
    state_manager.set_transition("glue::job_run", NEVER)
    start = _starts(glue_backends, _job_run, "status", "error")
    stop = _stops(lambda asked: asked["JobRunIds"], lambda _: {})
    own = {"CreateJob": _set_job, "UpdateJob": _set_job, "StartJobRun": start, "BatchStopJobRun": stop}
    return moto_service("glue", own)


def _set_job(context: RequestContext, request: ServiceRequest) -> ServiceResponse:
    """CreateJob, of which moto changes a member, and UpdateJob, which it lacks."""
    asked: Any = request
    response: Any = {"JobName": asked["JobName"]} if "JobUpdate" in asked else call_moto(context)
    job = glue_backends[context.account_id][context.region].get_job(asked.get("JobName") or asked["Name"])
    for name, value in ({"ExecutionClass": None} | asked.get("JobUpdate", asked)).items():
        setattr(job, camel_to_snake_case(name), value)
    return cast("ServiceResponse", response)


def _job_run(backend: Any, asked: Any, response: Any) -> _Job:
    job = backend.get_job(asked["JobName"])
    run = job.get_job_run(response["JobRunId"])
    variables = {"SCRIPT_URL": settings.gateway_url() + job.command["ScriptLocation"].removeprefix("s3:/")}
    words = [word for pair in run.arguments.items() for word in pair]
    command = ["python", "-c", _SCRIPT, "--JOB_NAME", job.name, *words]
    return run.job_run_id, command, variables, partial(setattr, run)


@aws_provider(api="sagemaker")  # type: ignore[untyped-decorator]
def sagemaker() -> Service:
    """Return SageMaker."""
    names = {"RUNNING": "InProgress", "SUCCEEDED": "Completed", "FAILED": "Failed", "STOPPED": "Stopped"}
    start = _starts(sagemaker_backends, _training_job, "training_job_status", "failure_reason", **names)
    stop = _stops(lambda asked: [asked["TrainingJobName"]], lambda _: {})
    return moto_service("sagemaker", {"CreateTrainingJob": start, "StopTrainingJob": stop})


def _training_job(backend: Any, asked: Any, _response: Any) -> _Job:
    name, container = asked["TrainingJobName"], asked["AlgorithmSpecification"]
    command = [*container.get("ContainerEntrypoint", []), *container.get("ContainerArguments", [])]
    return name, command, asked.get("Environment", {}), partial(setattr, backend.training_jobs[name])


@aws_provider(api="emr")  # type: ignore[untyped-decorator]
def emr() -> Service:
    """Return EMR."""
    names = {"SUCCEEDED": "COMPLETED", "STOPPED": "CANCELLED"}
    start = _starts(emr_backends, _step, "state", "last_state_change_reason", **names)
    cancel = _stops(lambda asked: asked["StepIds"], _cancelled)
    return moto_service("emr", {"AddJobFlowSteps": start, "CancelSteps": cancel})


def _step(backend: Any, asked: Any, response: Any) -> _Job:
    step = backend.describe_step(asked["JobFlowId"], response["StepIds"][0])
    return step.id, step.args if step.jar == "command-runner.jar" else [], {}, partial(setattr, step)


def _cancelled(asked: Any) -> Any:
    return {"CancelStepsInfoList": [{"StepId": step, "Status": "SUBMITTED"} for step in asked["StepIds"]]}


@aws_provider(api="codebuild")  # type: ignore[untyped-decorator]
def codebuild() -> Service:
    """Return CodeBuild; moto ends a build when it is asked for, and wants a location of each source."""
    moto: Any = moto_codebuild
    moto._validate_required_params_source = lambda _: None
    moto.CodeBuildBackend.batch_get_builds = _builds
    start = _starts(moto.codebuild_backends, _build, "buildStatus", "error", RUNNING="IN_PROGRESS")
    stop = _stops(lambda asked: [asked["id"]])
    return moto_service("codebuild", {"StartBuild": start, "StopBuild": stop})


def _builds(backend: Any, ids: list[str]) -> list[dict[str, Any]]:
    builds = [build for of_project in backend.build_metadata_history.values() for build in of_project]
    return [build for build in builds if build["id"] in ids or build["arn"] in ids]


def _build(backend: Any, asked: Any, response: Any) -> _Job:
    [build] = _builds(backend, [response["build"]["id"]])
    project = backend.codebuild_projects[asked["projectName"]].project_metadata
    text = asked.get("buildspecOverride") or project["source"].get("buildspec", "")
    read = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - it makes strings alone: `true` is a command
    specification = read if isinstance(read, dict) else {}
    phases = [specification.get("phases", {}).get(phase, {}) for phase in _PHASES]
    lines = [line for phase in phases for line in phase.get("commands", [])]
    given = project["environment"].get("environmentVariables", [])
    given = {each["name"]: each["value"] for each in [*given, *asked.get("environmentVariablesOverride", [])]}
    variables = specification.get("env", {}).get("variables", {}) | given
    return build["id"], ["sh", "-ec", "\n".join(lines)], variables, build.__setitem__
