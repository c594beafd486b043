"""The table of integrations, as AWS has it: each cell with the jobs that its tests run.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html (optimized integrations)
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

SUCCEEDS, FAILS, OUTLIVES = "succeeds", "fails", "outlives"
REQUEST, SYNC, TOKEN = "requestResponse", "sync", "waitForTaskToken"
SUFFIXES = {REQUEST: "", SYNC: ".sync", TOKEN: ".waitForTaskToken"}

Given = Mapping[str, Any]
"""What the tests made for themselves, or have of the system: names, ARNs and URLs."""

Parameters = Callable[[Given, str], dict[str, Any]]
"""Of what is given, and the outcome that there is to be, makes what a task is called with."""

LINES = {SUCCEEDS: "true", FAILS: "exit 3", OUTLIVES: "sleep 20"}
"""For a shell, where the job is a command."""

_ANSWER = (
    "import boto3, os; token, client = os.environ['TASK_TOKEN'], boto3.client('stepfunctions'); "
    "client.send_task_{}(taskToken=token, {})"
)
ANSWERS = {
    SUCCEEDS: _ANSWER.format("success", "output='1'"),
    FAILS: _ANSWER.format("failure", "error='Told', cause='it was told to'"),
    OUTLIVES: "pass",
}
"""For Python, where a task's token is a variable: a job that ends and does not answer is waited for."""


@dataclass(frozen=True)
class Cell:
    """A way to call a service.

    Attributes:
        service: The row.
        pattern: The column.
        make: What a task is called with; of `run_job`, its input.
        resource: The task's, without the pattern's suffix; none: the machine `run_job` has the task.
        error: What the task that fails has for an error.
        cause: What its cause tells, besides.
        outlives: Whether a job can outlive its task: what is only called answers at once, unless it is a
            function, and its job goes on.
        refused: Of `run_job`, a call that its service refuses: the job of one that is not waited for fails
            unseen.
    """

    service: str
    pattern: str
    make: Parameters
    resource: str | None = None
    error: str = "States.TaskFailed"
    cause: str = ""
    outlives: bool = True
    refused: Mapping[str, Any] | None = None

    @property
    def outcomes(self) -> list[str]:
        """What a job of it may come to."""
        return [SUCCEEDS, FAILS, OUTLIVES] if self.outlives else [SUCCEEDS, FAILS]

    def by_run_job(self, outcome: str) -> bool:
        """Whether the machine `run_job` runs it."""
        return self.resource is None and not (outcome == FAILS and self.refused)


def _job(kind: str, pattern: str, make: Parameters) -> Parameters:
    def given(place: Given, outcome: str) -> dict[str, Any]:
        asked = make(place, outcome)
        own = asked.pop("job", {})
        seconds = {SUCCEEDS: 120, FAILS: 120, OUTLIVES: 2}[outcome]
        return {"job": {"kind": kind, "pattern": pattern, "timeoutSeconds": seconds} | own} | asked

    return given


def _jobs(
    service: str, kind: str, make: Parameters, call: tuple[str, Mapping[str, Any], str], cause: str
) -> dict[str, Cell]:
    """A service's two cells that `run_job` has.

    Args:
        service: The row.
        kind: What `run_job` calls it.
        make: What is for the job in an input of `run_job`.
        call: An action that the service refuses, with these parameters and this error.
        cause: What the cause of a job tells that fails.
    """
    action, parameters, error = call
    refused = {"Resource": f"arn:aws:states:::{action}", "Parameters": parameters}
    requested = _job(kind, REQUEST, make)
    return {
        f"{kind}.{REQUEST}": Cell(service, REQUEST, requested, None, error, outlives=False, refused=refused),
        f"{kind}.{SYNC}": Cell(service, SYNC, _job(kind, SYNC, make), cause=cause),
    }


def _clean(place: Given, outcome: str) -> dict[str, Any]:
    return {"batchjob": {"parameters": {"key": place["files"][outcome]}}}


def _command(place: Given, outcome: str) -> dict[str, Any]:
    return {"job": {"command": ["sh", "-c", LINES[outcome]]}}


def _answer(place: Given, outcome: str) -> dict[str, Any]:
    return {"job": {"command": ["python", "-c", ANSWERS[outcome]]}}


def _script(place: Given, outcome: str) -> dict[str, Any]:
    return {"job": {"arguments": {"--line": LINES[outcome]}}}


def _step(place: Given, outcome: str) -> dict[str, Any]:
    return {"job": {"cluster": place["cluster"], "command": ["sh", "-c", LINES[outcome]]}}


def _build(place: Given, outcome: str) -> dict[str, Any]:
    variable = {"Name": "COMMAND", "Value": LINES[outcome], "Type": "PLAINTEXT"}
    return {"job": {"variables": [variable]}}


def _report(place: Given, outcome: str) -> dict[str, Any]:
    return {"job": {"input": place["reports"][outcome]}}


def _invoke(place: Given, outcome: str) -> dict[str, Any]:
    return {"FunctionName": place["function"], "Payload": {"outcome": outcome}}


def _invoke_with_token(place: Given, outcome: str) -> dict[str, Any]:
    payload = {"outcome": outcome, "token.$": "$$.Task.Token"}
    return {"FunctionName": place["function"], "Payload": payload}


def _read_item(place: Given, outcome: str) -> dict[str, Any]:
    table = place["table"] if outcome == SUCCEEDS else f"{place['table']}-none"
    return {"TableName": table, "Key": {"dragon_name_str": {"S": place["name"]}}}


def _message(outcome: str) -> dict[str, Any]:
    return {"outcome": outcome, "token.$": "$$.Task.Token"}


def _send(place: Given, outcome: str) -> dict[str, Any]:
    return {
        "QueueUrl": place["queue"] if outcome == SUCCEEDS else f"{place['queue']}-none",
        "MessageBody": "1",
    }


def _send_token(place: Given, outcome: str) -> dict[str, Any]:
    return {"QueueUrl": place["queue"], "MessageBody": _message(outcome)}


def _publish(place: Given, outcome: str) -> dict[str, Any]:
    return {"TopicArn": place["topic"] if outcome == SUCCEEDS else f"{place['topic']}-none", "Message": "1"}


def _publish_token(place: Given, outcome: str) -> dict[str, Any]:
    return {"TopicArn": place["topic"], "Message": _message(outcome)}


def _text(place: Given, outcome: str) -> dict[str, Any]:
    return {"PhoneNumber": place["phone"] if outcome == SUCCEEDS else "none", "Message": "1"}


def _text_token(place: Given, outcome: str) -> dict[str, Any]:
    return {"PhoneNumber": place["phone"], "Message": _message(outcome)}


def _event(place: Given, outcome: str) -> dict[str, Any]:
    entry = {"DetailType": "Job", "Detail": {}, "EventBusName": place["bus"]}
    # the service answers 200, and that it did not take this one
    return {"Entries": [entry | ({"Source": place["name"]} if outcome == SUCCEEDS else {})]}


def _event_token(place: Given, outcome: str) -> dict[str, Any]:
    entry = {"Source": place["name"], "DetailType": "Token", "Detail": _message(outcome)}
    return {"Entries": [entry | {"EventBusName": place["bus"]}]}


def _start_with_token(place: Given, outcome: str) -> dict[str, Any]:
    return {"StateMachineArn": place["machine"], "Input": _message(outcome)}


_LAMBDA, _PLAIN = "Lambda (optimized)", "Lambda (function ARN)"
_BATCH, _GLUE, _EMR = "AWS Batch", "AWS Glue", "Amazon EMR"
_ECS, _SAGEMAKER, _BUILD = "Amazon ECS/AWS Fargate", "Amazon SageMaker", "AWS CodeBuild"
_TOPIC, _PHONE, _SQS = "Amazon SNS (topic)", "Amazon SNS (phone number)", "Amazon SQS"
_STATES, _EVENTS, _TABLE = "AWS Step Functions", "Amazon EventBridge", "DynamoDB"
_TOLD = ("Told", "it was told to")

CELLS: dict[str, Cell] = {
    "lambda.requestResponse": Cell(
        _LAMBDA, REQUEST, _invoke, "lambda:invoke", "ValueError", "it was told to"
    ),
    "lambda.waitForTaskToken": Cell(_LAMBDA, TOKEN, _invoke_with_token, "lambda:invoke", *_TOLD),
    "functionArn.requestResponse": Cell(
        _PLAIN, REQUEST, lambda _, outcome: {"outcome": outcome}, "", "ValueError", "it was told to"
    ),
    **_jobs(
        _BATCH,
        "batch",
        _clean,
        (
            "batch:submitJob",
            {"JobName": "none", "JobQueue": "none", "JobDefinition": "none"},
            "Batch.ClientException",
        ),
        '"ExitCode":1',
    ),
    "dynamodb.requestResponse": Cell(
        _TABLE,
        REQUEST,
        _read_item,
        "dynamodb:getItem",
        "DynamoDB.ResourceNotFoundException",
        outlives=False,
    ),
    **_jobs(
        _ECS,
        "ecs",
        _command,
        ("ecs:runTask", {"Cluster": "none", "TaskDefinition": "none"}, "ECS.ClusterNotFoundException"),
        '"ExitCode":3',
    ),
    "ecs.waitForTaskToken": Cell(_ECS, TOKEN, _job("ecs", TOKEN, _answer), None, *_TOLD),
    "sns.requestResponse": Cell(
        _TOPIC, REQUEST, _publish, "sns:publish", "SNS.NotFoundException", outlives=False
    ),
    "sns.waitForTaskToken": Cell(_TOPIC, TOKEN, _publish_token, "sns:publish", *_TOLD),
    "phone.requestResponse": Cell(
        _PHONE, REQUEST, _text, "sns:publish", "SNS.InvalidParameterException", outlives=False
    ),
    "phone.waitForTaskToken": Cell(_PHONE, TOKEN, _text_token, "sns:publish", *_TOLD),
    "sqs.requestResponse": Cell(_SQS, REQUEST, _send, "sqs:sendMessage", "SQS.", outlives=False),
    "sqs.waitForTaskToken": Cell(_SQS, TOKEN, _send_token, "sqs:sendMessage", *_TOLD),
    **_jobs(
        _GLUE,
        "glue",
        _script,
        ("glue:startJobRun", {"JobName": "none"}, "Glue.EntityNotFoundException"),
        "exit code 3",
    ),
    **_jobs(
        _SAGEMAKER,
        "sagemaker",
        _command,
        ("sagemaker:createTrainingJob", {"TrainingJobName": "none"}, "SageMaker."),
        "exit code 3",
    ),
    **_jobs(
        _EMR,
        "emr",
        _step,
        (
            "elasticmapreduce:addStep",
            {"ClusterId": "j-NONE", "Step": {"Name": "none", "HadoopJarStep": {"Jar": "none"}}},
            "ElasticMapReduce.",
        ),
        "exit code 3",
    ),
    **_jobs(
        _BUILD,
        "codebuild",
        _build,
        ("codebuild:startBuild", {"ProjectName": "none"}, "CodeBuild.ResourceNotFoundException"),
        "FAILED",
    ),
    **_jobs(
        _STATES,
        "stateMachine",
        _report,
        (
            "states:startExecution",
            {"StateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:none"},
            "StepFunctions.StateMachineDoesNotExistException",
        ),
        "ABORTED",
    ),
    "stateMachine.waitForTaskToken": Cell(_STATES, TOKEN, _start_with_token, "states:startExecution", *_TOLD),
    "events.requestResponse": Cell(
        _EVENTS, REQUEST, _event, "events:putEvents", "EventBridge.FailedEntry", outlives=False
    ),
    "events.waitForTaskToken": Cell(_EVENTS, TOKEN, _event_token, "events:putEvents", *_TOLD),
}
"""By the name that its tests have: every cell that AWS supports, and no other."""


def definition(cell: Cell, place: Given, outcome: str) -> str:
    """A machine of one task, whose failure is caught with its cause."""
    if outcome == FAILS and cell.refused:
        task = dict(cell.refused)
    else:
        integration = f"arn:aws:states:::{cell.resource}{SUFFIXES[cell.pattern]}"
        task = {"Resource": integration if cell.resource else place["function"]}
        task["Parameters"] = cell.make(place, outcome)
    caught = {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Caught"}
    seconds = 2 if outcome == OUTLIVES else 120
    job = task | {"Type": "Task", "TimeoutSeconds": seconds, "Catch": [caught], "End": True}
    states = {"Job": job, "Caught": {"Type": "Pass", "End": True}}
    return json.dumps({"StartAt": "Job", "TimeoutSeconds": 300, "States": states})
