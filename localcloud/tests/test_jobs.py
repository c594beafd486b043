"""Jobs that machines run: each of AWS's cells, the job's body, and its end when its task is aborted.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html (the table)
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.job_tasks import NEEDS, SERVICES, Job, make_jobs, new_cluster, task
from tests.running_cloud import Cloud, Execution, until

pytestmark = pytest.mark.xdist_group("cloud")
OUTCOMES = {"succeeds": "true", "fails": "exit 3", "outlives": "sleep 600"}


@pytest.fixture(scope="module")
def jobs(cloud: Cloud) -> dict[str, Callable[..., Job]]:
    """By the service, what makes a task of a line for a shell."""
    return make_jobs(cloud)


@pytest.fixture(scope="module")
def ended(cloud: Cloud, jobs: dict[str, Callable[..., Job]]) -> dict[tuple[str, str], Execution]:
    """The execution of each service's job of each outcome: they run side by side."""
    caught = [
        {"ErrorEquals": ["States.TaskFailed", "States.Timeout"], "ResultPath": "$.error", "Next": "Caught"}
    ]
    started = {}
    for service in SERVICES:
        for outcome, line in OUTCOMES.items():
            timeout = 2 if outcome == "outlives" else 60
            job = jobs[service](line, TimeoutSeconds=timeout, Catch=caught)
            states = {"Job": job, "Caught": {"Type": "Pass", "End": True}}
            started[service, outcome] = cloud.start(cloud.machine(states))
    return {key: cloud.ended(execution) for key, execution in started.items()}


def state_of(service: str, told: Any) -> str:
    """Where the service tells the state."""
    paths = {
        "batch": ("Status",),
        "ecs": ("LastStatus",),
        "glue": ("JobRunState",),
        "sagemaker": ("TrainingJobStatus",),
        "elasticmapreduce": ("Step", "Status", "State"),
        "codebuild": ("Build", "BuildStatus"),
    }
    for name in paths[service]:
        told = told[name]
    return str(told)


@pytest.mark.parametrize("service", SERVICES)
def test_a_job_that_succeeds_is_its_task_s_output(
    service: str, ended: dict[tuple[str, str], Execution]
) -> None:
    execution = ended[service, "succeeds"]
    assert execution.status == "SUCCEEDED"
    assert state_of(service, execution.output) in {"SUCCEEDED", "STOPPED", "Completed", "COMPLETED"}
    middle = ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]
    assert execution.events[2:6] == middle


@pytest.mark.parametrize("service", SERVICES)
def test_a_job_that_fails_is_caught_and_its_cause_kept(
    service: str, ended: dict[tuple[str, str], Execution]
) -> None:
    execution = ended[service, "fails"]
    assert (execution.status, execution.output["error"]["Error"]) == ("SUCCEEDED", "States.TaskFailed")
    cause = json.loads(execution.output["error"]["Cause"])
    assert state_of(service, cause).upper() in {"FAILED", "STOPPED"}
    told = json.dumps(cause)
    assert service == "codebuild" or "exit code 3" in told or '"ExitCode": 3' in told
    assert "TaskFailed" in execution.events


@pytest.mark.parametrize("service", SERVICES)
def test_a_job_that_outlives_its_task_is_stopped(
    service: str, ended: dict[tuple[str, str], Execution], cloud: Cloud
) -> None:
    execution = ended[service, "outlives"]
    assert execution.output["error"]["Error"] == "States.Timeout"
    assert "TaskTimedOut" in execution.events
    assert "TaskSucceeded" not in execution.events
    ask: dict[str, Callable[[], list[str]]] = {
        "batch": lambda: _states(
            cloud.client("batch").list_jobs(jobQueue="jobs", jobStatus="FAILED")["jobSummaryList"],
            "statusReason",
        ),
        "ecs": lambda: _states(_tasks(cloud), "stopCode"),
        "glue": lambda: _states(cloud.client("glue").get_job_runs(JobName="jobs")["JobRuns"], "JobRunState"),
        "sagemaker": lambda: _states(
            cloud.client("sagemaker").list_training_jobs()["TrainingJobSummaries"], "TrainingJobStatus"
        ),
        "elasticmapreduce": lambda: [step["Status"]["State"] for step in _steps(cloud)],
        "codebuild": lambda: _states(_builds(cloud), "buildStatus"),
    }
    stopped = {"Stopped by Step Functions", "UserInitiated", "STOPPED", "Stopped", "CANCELLED"}
    until(ask[service], lambda states: stopped & set(states))


def _states(told: list[dict[str, Any]], member: str) -> list[str]:
    return [each.get(member, "") for each in told]


def _tasks(cloud: Cloud) -> Any:
    ecs = cloud.client("ecs")
    return ecs.describe_tasks(cluster="jobs", tasks=ecs.list_tasks(cluster="jobs")["taskArns"])["tasks"]


def _steps(cloud: Cloud) -> Any:
    emr = cloud.client("emr")
    return [
        step
        for each in emr.list_clusters()["Clusters"]
        for step in emr.list_steps(ClusterId=each["Id"])["Steps"]
    ]


def _builds(cloud: Cloud) -> Any:
    codebuild = cloud.client("codebuild")
    return codebuild.batch_get_builds(ids=codebuild.list_builds_for_project(projectName="jobs")["ids"])[
        "builds"
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_a_request_does_not_wait_for_its_job(
    service: str, jobs: dict[str, Callable[..., Job]], cloud: Cloud
) -> None:
    execution = cloud.run({"Job": jobs[service]("sleep 5", "")})
    assert execution.status == "SUCCEEDED"
    assert "TaskSubmitted" not in execution.events


@pytest.mark.parametrize("service", SERVICES)
def test_only_ecs_waits_for_a_task_s_token(
    service: str, jobs: dict[str, Callable[..., Job]], cloud: Cloud
) -> None:
    states = {"Job": jobs[service]("true", ".waitForTaskToken")}
    if service == "ecs":
        cloud.machine(states)
    else:
        with pytest.raises(ClientError, match="InvalidDefinition"):
            cloud.machine(states)


def test_an_ecs_task_has_the_token_among_its_variables(
    jobs: dict[str, Callable[..., Job]], cloud: Cloud
) -> None:
    variables = [{"Name": "TOKEN", "Value.$": "$$.Task.Token"}]
    python = (
        "import boto3, os; machines = boto3.client('stepfunctions');"
        "machines.send_task_success(taskToken=os.environ['TOKEN'], output='[1]')"
    )
    execution = cloud.run({"Job": jobs["ecs"](f'python -c "{python}"', ".waitForTaskToken", variables)})
    assert (execution.status, execution.output) == ("SUCCEEDED", [1])


@pytest.mark.parametrize(
    ("service", "parameters", "error"),
    [
        ("ecs", {"Cluster": "none"}, "ECS.ClusterNotFoundException"),
        ("codebuild", {"ProjectName": "none"}, "CodeBuild.ResourceNotFoundException"),
        ("glue", {"JobName": "none"}, "Glue.EntityNotFoundException"),
    ],
)
def test_an_error_of_the_service_has_its_name(
    service: str,
    parameters: Job,
    error: str,
    jobs: dict[str, Callable[..., Job]],
    cloud: Cloud,
) -> None:
    job = jobs[service]("true")
    job["Parameters"] |= parameters
    assert cloud.run({"Job": job}).error == error


def test_a_batch_job_has_its_parameters_and_works_on_a_file_of_s3(
    cloud: Cloud, tmp_path: Path, jobs: Any
) -> None:
    (tmp_path / "clean.py").write_text(
        "import boto3, os, sys\n"
        "s3 = boto3.client('s3')\n"
        "text = s3.get_object(Bucket='jobs', Key=sys.argv[1])['Body'].read()\n"
        "s3.put_object(Bucket='jobs', Key=sys.argv[1], Body=text.strip() + os.environ['END'].encode())\n"
        "print('cleaned', sys.argv[1])\n"
    )
    cloud.client("s3").put_object(Bucket="jobs", Key="file", Body=b"  text  \n")
    batch = cloud.client("batch")
    container: Job = {"image": str(tmp_path), "command": ["python", "-m", "clean", "Ref::key"]}
    container |= {"resourceRequirements": NEEDS, "environment": [{"name": "END", "value": "?"}]}
    batch.register_job_definition(
        jobDefinitionName="clean", type="container", containerProperties=container, parameters={"key": "none"}
    )
    asked: Job = {
        "JobName": "clean",
        "JobQueue": "jobs",
        "JobDefinition": "clean",
        "Parameters.$": "$.job.parameters",
    }
    asked["ContainerOverrides"] = {"Environment": [{"Name": "END", "Value": "!"}]}
    execution = cloud.run({"Job": task("batch:submitJob", asked)}, {"job": {"parameters": {"key": "file"}}})
    assert execution.status == "SUCCEEDED", execution.cause
    assert cloud.client("s3").get_object(Bucket="jobs", Key="file")["Body"].read() == b"text!"
    container = execution.output["Container"]
    given = {each["Name"]: each["Value"] for each in container["Environment"]}
    assert given["END"] == "!"
    assert given["MANAGED_BY_AWS"] == "STARTED_BY_STEP_FUNCTIONS"
    assert (container["ExitCode"], execution.output["Attempts"][0]["Container"]["ExitCode"]) == (0, 0)
    events = cloud.client("logs").get_log_events(
        logGroupName="/aws/batch/job", logStreamName=container["LogStreamName"]
    )["events"]
    assert [event["message"] for event in events] == ["cleaned file"]


def test_a_batch_job_that_takes_too_long_or_has_no_such_command_fails(cloud: Cloud, jobs: Any) -> None:
    slow, missing = jobs["batch"]("sleep 600"), jobs["batch"]("true")
    slow["Parameters"]["Timeout"] = {"AttemptDurationSeconds": 1}
    missing["Parameters"]["ContainerOverrides"]["Command"] = ["/none"]
    codes = []
    for job in (slow, missing):
        execution = cloud.run({"Job": job})
        assert execution.error == "States.TaskFailed"
        codes.append(json.loads(execution.cause or "")["Container"]["ExitCode"])
    assert codes == [137, 1]


def test_a_job_writes_nowhere_but_in_its_folder(cloud: Cloud, jobs: Any, tmp_path: Path) -> None:
    home = Path.home() / f"written-by-a-job-{tmp_path.name}"
    line = f"touch $TMPDIR/mine && (touch {home} 2>&1 | grep -q denied)"
    try:
        assert cloud.run({"Job": jobs["ecs"](line)}).status == "SUCCEEDED"
        assert not home.exists()
    finally:
        home.unlink(missing_ok=True)


def test_a_job_ends_with_the_execution_that_began_it(cloud: Cloud, jobs: Any) -> None:
    inner = cloud.machine({"Job": jobs["glue"]("sleep 600")})
    nested = {"Nested": task("states:startExecution", {"StateMachineArn": inner}, ".sync:2")}
    outer = cloud.start(cloud.machine(nested))
    client = cloud.client("stepfunctions")
    until(lambda: client.list_executions(stateMachineArn=inner)["executions"], bool)
    [execution] = client.list_executions(stateMachineArn=inner)["executions"]

    def history() -> Any:
        return client.get_execution_history(executionArn=execution["executionArn"])

    told = until(history, lambda it: any(event["type"] == "TaskSubmitted" for event in it["events"]))
    [submitted] = [event for event in told["events"] if event["type"] == "TaskSubmitted"]
    run = json.loads(submitted["taskSubmittedEventDetails"]["output"])["JobRunId"]
    client.stop_execution(executionArn=outer)
    assert cloud.ended(execution["executionArn"]).status == "ABORTED"
    glue = cloud.client("glue")
    until(lambda: glue.get_job_run(JobName="jobs", RunId=run)["JobRun"]["JobRunState"], "STOPPED".__eq__)


def test_a_cluster_is_created_protected_and_ended_and_a_step_cancelled(cloud: Cloud) -> None:
    cluster = cloud.run({"Create": task("elasticmapreduce:createCluster", new_cluster(), "")}).output[
        "ClusterId"
    ]
    one = {"ClusterId": cluster}
    step = {"Name": "job", "HadoopJarStep": {"Jar": "command-runner.jar", "Args": ["sleep", "600"]}}
    added = cloud.run({"Add": task("elasticmapreduce:addStep", one | {"Step": step}, "")}).output
    cancelled = cloud.run({"Cancel": task("elasticmapreduce:cancelStep", one | added, "")}).output
    assert cancelled == {"CancelStepsInfo": {"StepId": added["StepId"], "Status": "SUBMITTED"}}
    emr = cloud.client("emr")
    until(
        lambda: emr.describe_step(ClusterId=cluster, StepId=added["StepId"])["Step"]["Status"]["State"],
        "CANCELLED".__eq__,
    )
    protection = task(
        "elasticmapreduce:setClusterTerminationProtection", one | {"TerminationProtected": True}, ""
    )
    cloud.run({"Protect": protection})
    assert emr.describe_cluster(ClusterId=cluster)["Cluster"]["TerminationProtected"]
    emr.set_termination_protection(JobFlowIds=[cluster], TerminationProtected=False)
    ended = cloud.run({"End": task("elasticmapreduce:terminateCluster", one)}).output
    assert ended["Cluster"]["Status"]["State"] == "TERMINATED"
