"""What the jobs of the tests need, and the executions of all of them, which run side by side."""

import io
import json
import os
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from dragons.fields import RECORD_NAMES
from e2e.integrations.cells import CELLS, FAILS, OUTLIVES, SUCCEEDS, definition
from support.reports import REPORT
from support.system import poll

Aws = Callable[[str], Any]
ENDED_SECONDS = 240.0
SCRIPT = (
    b"import os, sys; words = dict(zip(sys.argv[1::2], sys.argv[2::2])); "
    b"sys.exit(os.system(words['--line']) >> 8)"
)
BIG = 80_000
"""Rows that a job cannot clean within the timeout of a task that is to be outlived."""


@dataclass(frozen=True)
class Ended:
    """An execution that has ended, and its history."""

    told: dict[str, Any]
    history: list[dict[str, Any]]

    @property
    def output(self) -> Any:
        """What it answered."""
        return json.loads(self.told["output"])

    @property
    def kinds(self) -> list[str]:
        """What its events are, in order."""
        return [event["type"] for event in self.history]

    def details(self, *kinds: str) -> dict[str, Any]:
        """What the first event of one of these kinds tells."""
        [found, *_] = [event for event in self.history if event["type"] in kinds]
        details: dict[str, Any] = found[f"{found['type'][0].lower()}{found['type'][1:]}EventDetails"]
        return details


@pytest.fixture(scope="session")
def run_job(outputs: dict[str, Any], aws: Aws) -> dict[str, Any]:
    """The machine `run_job`: its states."""
    arn = outputs["state_machines"]["run_job"]
    machine = aws("stepfunctions").describe_state_machine(stateMachineArn=arn)
    states: dict[str, Any] = json.loads(machine["definition"])["States"]
    return states


@pytest.fixture(scope="session")
def configured(run_job: dict[str, Any]) -> list[str]:
    """What it runs, as `<kind>.<pattern>`."""
    found: list[str] = run_job["Defaults"]["Result"]["configured"]
    return found


@pytest.fixture(scope="session")
def place(
    outputs: dict[str, Any], aws: Aws, run_job: dict[str, Any], configured: list[str], known_family: str
) -> Iterator[dict[str, Any]]:
    """What jobs are called with; it goes when the tests end."""
    name = f"e2e-{uuid.uuid4()}"
    own = {
        "name": name,
        "phone": f"+1206{uuid.uuid4().int % 10**7:07}",
        "table": outputs["dragons_table"],
        "bus": outputs["event_bus"],
    }
    with ExitStack() as gone:
        own["role"] = _role(aws("iam"), name, gone)
        layer_of = outputs["functions"]["validate_dragon"]
        own["function"] = _function(aws("lambda"), name, own["role"], layer_of, gone)
        own["queue"], own["topic"] = _queue_and_topic(aws, name, outputs["event_bus"], gone)
        own["machine"] = _answering_machine(aws("stepfunctions"), name, own["role"], gone)
        if "batch.sync" in configured:
            own["files"] = _files(aws("s3"), outputs["import_bucket"], name, gone)
        if "glue.sync" in configured:
            _put_script(aws, run_job["RunGlueJob"]["Parameters"]["JobName"], gone)
        if "emr.sync" in configured:
            own["cluster"] = _cluster(aws("emr"), name, gone)
        own["reports"] = _reports(outputs, aws, name, known_family, gone)
        yield own


def _role(iam: Any, name: str, gone: ExitStack) -> str:
    principals = {"Service": ["lambda.amazonaws.com", "states.amazonaws.com"]}
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principals}
    actions = [
        "dynamodb:GetItem",
        "events:PutEvents",
        "lambda:InvokeFunction",
        "sns:Publish",
        "sqs:SendMessage",
        "states:SendTaskFailure",
        "states:SendTaskSuccess",
        "states:StartExecution",
    ]
    allowed = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(trust))
    iam.put_role_policy(RoleName=name, PolicyName="call", PolicyDocument=_policy(allowed))
    gone.callback(iam.delete_role, RoleName=name)
    gone.callback(iam.delete_role_policy, RoleName=name, PolicyName="call")
    return str(arn["Role"]["Arn"])


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _function(functions: Any, name: str, role: str, layer_of: str, gone: ExitStack) -> str:
    """A function with the layer of another, which has boto3."""
    layers = functions.get_function_configuration(FunctionName=layer_of)["Layers"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.write(Path(__file__).parents[2] / "fixtures" / "functions" / "do_as_told.py", "handler.py")
    created = functions.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="handler.handler",
        Role=role,
        Timeout=30,
        Code={"ZipFile": code.getvalue()},
        Layers=[layer["Arn"] for layer in layers],
    )
    gone.callback(functions.delete_function, FunctionName=name)
    functions.get_waiter("function_active_v2").wait(FunctionName=name)
    return str(created["FunctionArn"])


def _queue_and_topic(aws: Aws, name: str, bus: str, gone: ExitStack) -> tuple[str, str]:
    """A queue that hears of a topic, and of what the bus is told with a token."""
    sqs, sns, events = aws("sqs"), aws("sns"), aws("events")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    gone.callback(sqs.delete_queue, QueueUrl=url)
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    senders = {"Service": ["events.amazonaws.com", "sns.amazonaws.com"]}
    statement = {"Effect": "Allow", "Principal": senders, "Action": "sqs:SendMessage", "Resource": arn}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": _policy(statement)})
    topic = sns.create_topic(Name=name)["TopicArn"]
    gone.callback(sns.delete_topic, TopicArn=topic)
    raw = {"RawMessageDelivery": "true"}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=raw)
    pattern = json.dumps({"source": [name], "detail-type": ["Token"]})
    events.put_rule(Name=name, EventBusName=bus, EventPattern=pattern)
    gone.callback(events.delete_rule, Name=name, EventBusName=bus)
    events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
    gone.callback(events.remove_targets, Rule=name, EventBusName=bus, Ids=["queue"])
    return url, topic


def _answering_machine(steps: Any, name: str, role: str, gone: ExitStack) -> str:
    """A machine that answers its caller's token as it is told."""
    call = "arn:aws:states:::aws-sdk:sfn:sendTask"
    token = {"TaskToken.$": "$.token"}
    states = {
        "Told": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.outcome", "StringEquals": outcome, "Next": outcome}
                for outcome in (SUCCEEDS, FAILS)
            ],
            "Default": "Nothing",
        },
        SUCCEEDS: {
            "Type": "Task",
            "Resource": f"{call}Success",
            "Parameters": token | {"Output": "1"},
            "End": True,
        },
        FAILS: {
            "Type": "Task",
            "Resource": f"{call}Failure",
            "Parameters": token | {"Error": "Told", "Cause": "it was told to"},
            "End": True,
        },
        "Nothing": {"Type": "Succeed"},
    }
    created = steps.create_state_machine(
        name=f"{name}-answers", definition=json.dumps({"StartAt": "Told", "States": states}), roleArn=role
    )
    gone.callback(steps.delete_state_machine, stateMachineArn=created["stateMachineArn"])
    return str(created["stateMachineArn"])


def _files(s3: Any, bucket: str, folder: str, gone: ExitStack) -> dict[str, str]:
    """Files to clean: one that is soon clean, none, and one that takes its time."""
    header = ",".join(REPORT)
    row = ",".join(["none"] * len(REPORT))  # which no import takes
    keys = {outcome: f"incoming/{folder}/{outcome}.csv" for outcome in (SUCCEEDS, FAILS, OUTLIVES)}
    gone.callback(_remove, s3, bucket, folder)
    s3.put_object(Bucket=bucket, Key=keys[SUCCEEDS], Body=f"{header}\n{row}\n".encode())
    s3.put_object(Bucket=bucket, Key=keys[OUTLIVES], Body=f"{header}\n{f'{row}\n' * BIG}".encode())
    return keys


def _remove(s3: Any, bucket: str, folder: str) -> None:
    for prefix in (f"incoming/{folder}", folder, f"results/{folder}", f"results/incoming/{folder}"):
        for each in s3.list_object_versions(Bucket=bucket, Prefix=prefix).get("Versions", []):
            s3.delete_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])


def _put_script(aws: Aws, job: str, gone: ExitStack) -> None:
    location = aws("glue").get_job(JobName=job)["Job"]["Command"]["ScriptLocation"]
    bucket, _, key = location.removeprefix("s3://").partition("/")
    s3 = aws("s3")
    version = s3.put_object(Bucket=bucket, Key=key, Body=SCRIPT)["VersionId"]
    gone.callback(s3.delete_object, Bucket=bucket, Key=key, VersionId=version)


def _cluster(emr: Any, name: str, gone: ExitStack) -> str:
    if "AWS_ENDPOINT_URL" not in os.environ:
        pytest.skip("the target is AWS, where a cluster is charged: run_job has one to name")
    fleet = {"InstanceFleetType": "MASTER", "TargetOnDemandCapacity": 1}
    instances = {"KeepJobFlowAliveWhenNoSteps": True, "InstanceFleets": [fleet]}
    created = emr.run_job_flow(Name=name, Instances=instances, ServiceRole="none", JobFlowRole="none")
    gone.callback(emr.terminate_job_flows, JobFlowIds=[created["JobFlowId"]])
    return str(created["JobFlowId"])


def _reports(
    outputs: dict[str, Any], aws: Aws, name: str, known_family: str, gone: ExitStack
) -> dict[str, Any]:
    """Inputs of `report_dragon`: it records one, and has two wait for a reviewer, of which one is stopped."""
    report = REPORT | {"dragonName": name, "confirmationRequired": False, "family": known_family}
    told = {RECORD_NAMES.get(field, field): value for field, value in report.items()}
    table, lambda_ = aws("dynamodb"), aws("lambda")
    key = {"dragon_name_str": {"S": name}}
    gone.callback(table.delete_item, TableName=outputs["dragons_table"], Key=key)
    # withdraws the review that nobody waits for any more
    gone.callback(lambda_.invoke, FunctionName=outputs["functions"]["renew_reviews"], Payload=b"{}")
    new = {
        outcome: told | {"family_str": name, "dragon_name_str": f"{name}-{outcome}"}
        for outcome in (FAILS, OUTLIVES)
    }
    return {SUCCEEDS: told} | new


@pytest.fixture(scope="session")
def ended(
    outputs: dict[str, Any], aws: Aws, place: dict[str, Any], configured: list[str]
) -> Iterator[dict[tuple[str, str], Ended]]:
    """The execution of each cell's job of each outcome."""
    steps = aws("stepfunctions")
    machines: list[str] = []
    running: dict[tuple[str, str], str] = {}
    try:
        for name, cell in CELLS.items():
            for outcome in cell.outcomes:
                if cell.by_run_job(outcome):
                    if name not in configured:
                        continue
                    arn = outputs["state_machines"]["run_job"]
                    given = json.dumps(cell.make(place, outcome))
                else:
                    arn = steps.create_state_machine(
                        name=f"e2e-{uuid.uuid4()}",
                        definition=definition(cell, place, outcome),
                        roleArn=place["role"],
                    )["stateMachineArn"]
                    machines.append(arn)
                    given = json.dumps({"outcome": outcome})
                started = steps.start_execution(stateMachineArn=arn, input=given)
                running[name, outcome] = started["executionArn"]
        yield _all_ended(steps, running, _Answers(aws, place, outputs["report_dragon_arn"]))
    finally:
        for machine in machines:
            steps.delete_state_machine(stateMachineArn=machine)


def _all_ended(steps: Any, running: dict[tuple[str, str], str], answers: "_Answers") -> Any:
    found: dict[tuple[str, str], Ended] = {}

    def all_ended() -> bool | None:
        answers.give()
        for key, execution in running.items() - {(key, running[key]) for key in found}:
            told = steps.describe_execution(executionArn=execution)
            if told["status"] != "RUNNING":
                history = steps.get_execution_history(executionArn=execution)["events"]
                found[key] = Ended(told, history)
        return True if len(found) == len(running) else None

    poll(all_ended, "every execution to end", seconds=ENDED_SECONDS)
    return found


class _Answers:
    """Answers the tokens that come by the queue, and by text messages where those can be read.

    And stops the report that is to fail: whatever its input, `report_dragon` has an answer to it.
    """

    def __init__(self, aws: Aws, place: dict[str, Any], report_dragon: str) -> None:
        self._sqs, self._steps, self._place = aws("sqs"), aws("stepfunctions"), place
        self._report_dragon = report_dragon
        self._texts = 0

    def give(self) -> None:
        for message in self._from_queue() + self._from_phone():
            told = json.loads(message)
            if isinstance(told, dict):  # what asks for nothing is a number
                told = told.get("detail", told)
                self._answer(told["outcome"], told["token"])
        self._stop_report()

    def _stop_report(self) -> None:
        asked = {"stateMachineArn": self._report_dragon, "statusFilter": "RUNNING"}
        for each in self._steps.list_executions(**asked)["executions"]:
            told = self._steps.describe_execution(executionArn=each["executionArn"])
            if json.loads(told["input"]) == self._place["reports"][FAILS]:
                self._steps.stop_execution(executionArn=each["executionArn"])

    def _answer(self, outcome: str, token: str) -> None:
        with suppress(ClientError):  # answered before, or too late
            if outcome == SUCCEEDS:
                self._steps.send_task_success(taskToken=token, output="1")
            elif outcome == FAILS:
                self._steps.send_task_failure(taskToken=token, error="Told", cause="it was told to")

    def _from_queue(self) -> list[str]:
        url = self._place["queue"]
        found = self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in found]

    def _from_phone(self) -> list[str]:
        if "AWS_ENDPOINT_URL" not in os.environ:
            return []
        answer = requests.get(f"{os.environ['AWS_ENDPOINT_URL']}/_aws/sns/sms-messages", timeout=30)
        if answer.status_code == 404:
            return []
        sent = answer.json()["sms_messages"].get(self._place["phone"], [])
        new, self._texts = sent[self._texts :], len(sent)
        return [message["Message"] for message in new]
