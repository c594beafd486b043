"""The calls of the soak that stock LocalStack can serve too: a workflow with one task, and a mock.

Stock LocalStack has neither functions (they take Docker) nor DynamoDB (it takes Java) on this machine.
"""

import json
import uuid
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from bench.burst import request


@dataclass(frozen=True)
class Calls:
    """What is called.

    Attributes:
        status: URL of a REST API's mock.
        machine: ARN of the workflow, whose one task sends a message to a queue.
        workflows: A client of Step Functions.
    """

    status: str
    machine: str
    workflows: Any

    def start(self) -> bytes:
        """A StartExecution, as it is sent; LocalStack looks at the key of a signature alone."""
        headers = {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": "AWSStepFunctions.StartExecution",
            "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/states/aws4_request, "
            "SignedHeaders=host, Signature=0",
        }
        body = {"stateMachineArn": self.machine, "input": '{"report": "seen"}'}
        return request(f"{self.workflows.meta.endpoint_url}/", headers, json.dumps(body).encode())

    def running(self) -> int:
        """How many executions have not ended, of the first thousand."""
        found = self.workflows.list_executions(stateMachineArn=self.machine, statusFilter="RUNNING")
        return len(found["executions"])


def make(endpoint: str) -> Calls:
    """Make the queue, the role, the workflow and the API in a cloud that is empty."""

    def client(service: str) -> Any:
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(read_timeout=300),
        )

    name = f"soak-{uuid.uuid4().hex[:8]}"
    queue = client("sqs").create_queue(QueueName=name)["QueueUrl"]
    trust = {"Version": "2012-10-17", "Statement": []}
    role = client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    workflows = client("stepfunctions")
    definition = json.dumps(_definition(queue))
    machine = workflows.create_state_machine(name=name, definition=definition, roleArn=role)
    gateway = client("apigateway")
    api = gateway.import_rest_api(body=json.dumps(_document(name)))["id"]
    gateway.create_deployment(restApiId=api, stageName="v1")
    status = f"{endpoint}/_aws/execute-api/{api}/v1/status"
    return Calls(status, machine["stateMachineArn"], workflows)


def _definition(queue: str) -> dict[str, Any]:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {"QueueUrl": queue, "MessageBody.$": "$.report"},
        "End": True,
    }
    return {"StartAt": "Send", "States": {"Send": task}}


def _document(name: str) -> dict[str, Any]:
    mock = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200"}},
    }
    method = {"responses": {"200": {"description": "Done"}}, "x-amazon-apigateway-integration": mock}
    return {
        "openapi": "3.0.1",
        "info": {"title": name, "version": "1"},
        "paths": {"/status": {"get": method}},
    }
