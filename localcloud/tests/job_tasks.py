"""A task of each service that runs jobs, whose job is a line for a shell."""

import json
import uuid
from collections.abc import Callable
from typing import Any

from tests.running_cloud import ROLE, Cloud

Job = dict[str, Any]
SERVICES = ("batch", "ecs", "glue", "sagemaker", "elasticmapreduce", "codebuild")
NEEDS = [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "512"}]
SCRIPT = (
    b"import os, sys; words = dict(zip(sys.argv[1::2], sys.argv[2::2]));"
    b"sys.exit(os.system(words['--line']) >> 8)"
)
SPECIFICATION = {"version": "0.2", "env": {"variables": {"WORD": "true"}}}


def task(action: str, parameters: Job, suffix: str = ".sync", **members: Any) -> Job:
    return {
        "Type": "Task",
        "Resource": f"arn:aws:states:::{action}{suffix}",
        "Parameters": parameters,
        "End": True,
        **members,
    }


def make_jobs(cloud: Cloud) -> dict[str, Callable[..., Job]]:
    """Set the services up; gives what makes a task of a line, by the service."""
    network = _network(cloud)
    makers = (_batch, _ecs, _glue, _sagemaker, _emr, _codebuild)
    return {name: make(cloud, network) for name, make in zip(SERVICES, makers, strict=True)}


def _network(cloud: Cloud) -> dict[str, list[str]]:
    ec2 = cloud.client("ec2")
    return {
        "subnets": [ec2.describe_subnets()["Subnets"][0]["SubnetId"]],
        "securityGroupIds": [ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]],
    }


def _batch(cloud: Cloud, network: Any) -> Callable[..., Job]:
    cloud.client("iam").create_role(RoleName="machine", AssumeRolePolicyDocument="{}")
    batch = cloud.client("batch")
    resources = {"type": "FARGATE", "maxvCpus": 4, **network}
    batch.create_compute_environment(
        computeEnvironmentName="jobs", type="MANAGED", serviceRole=ROLE, computeResources=resources
    )
    order = [{"order": 1, "computeEnvironment": "jobs"}]
    batch.create_job_queue(jobQueueName="jobs", state="ENABLED", priority=1, computeEnvironmentOrder=order)
    container = {"image": "none", "command": ["false"], "resourceRequirements": NEEDS}
    batch.register_job_definition(jobDefinitionName="jobs", type="container", containerProperties=container)

    def make(line: str, suffix: str = ".sync", **members: Any) -> Job:
        asked = {"JobName": "job", "JobQueue": "jobs", "JobDefinition": "jobs"}
        return task(
            "batch:submitJob",
            asked | {"ContainerOverrides": {"Command": ["sh", "-c", line]}},
            suffix,
            **members,
        )

    return make


def _ecs(cloud: Cloud, network: Any) -> Callable[..., Job]:
    ecs = cloud.client("ecs")
    ecs.create_cluster(clusterName="jobs")
    container = {"name": "job", "image": "none", "command": ["false"]}
    ecs.register_task_definition(
        family="jobs",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[container],
    )
    places = {"Subnets": network["subnets"], "SecurityGroups": network["securityGroupIds"]}
    asked: Job = {"Cluster": "jobs", "TaskDefinition": "jobs", "LaunchType": "FARGATE"}
    asked |= {"NetworkConfiguration": {"AwsvpcConfiguration": places}}

    def make(line: str, suffix: str = ".sync", variables: Any = (), **members: Any) -> Job:
        override = {"Name": "job", "Command": ["sh", "-c", line], "Environment": list(variables)}
        return task(
            "ecs:runTask", asked | {"Overrides": {"ContainerOverrides": [override]}}, suffix, **members
        )

    return make


def _glue(cloud: Cloud, _network: Any) -> Callable[..., Job]:
    cloud.client("s3").put_object(Bucket="jobs", Key="scripts/job.py", Body=SCRIPT)
    command = {"Name": "pythonshell", "ScriptLocation": "s3://jobs/scripts/job.py"}
    limits = {"MaxConcurrentRuns": 9}
    cloud.client("glue").create_job(Name="jobs", Role=ROLE, Command=command, ExecutionProperty=limits)
    return lambda line, suffix=".sync", **members: task(
        "glue:startJobRun", {"JobName": "jobs", "Arguments": {"--line": line}}, suffix, **members
    )


def _sagemaker(_cloud: Cloud, _network: Any) -> Callable[..., Job]:
    asked = {
        "RoleArn": ROLE,
        "OutputDataConfig": {"S3OutputPath": "s3://jobs/models"},
        "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m4.xlarge", "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
    }

    def make(line: str, suffix: str = ".sync", **members: Any) -> Job:
        container = {
            "TrainingInputMode": "File",
            "ContainerEntrypoint": ["sh", "-c"],
            "ContainerArguments": [line],
        }
        named = {"TrainingJobName": f"j{uuid.uuid4().hex}", "AlgorithmSpecification": container}
        return task("sagemaker:createTrainingJob", asked | named, suffix, **members)

    return make


def new_cluster() -> Job:
    fleet = {"InstanceFleetType": "MASTER", "TargetOnDemandCapacity": 1}
    instances = {"KeepJobFlowAliveWhenNoSteps": True, "InstanceFleets": [fleet]}
    return {"Name": "jobs", "ServiceRole": "role", "JobFlowRole": "profile", "Instances": instances}


def _emr(cloud: Cloud, _network: Any) -> Callable[..., Job]:
    created = cloud.run({"Create": task("elasticmapreduce:createCluster", new_cluster())}).output
    assert created["Cluster"]["Status"]["State"] == "WAITING"

    def make(line: str, suffix: str = ".sync", **members: Any) -> Job:
        jar = {"Jar": "command-runner.jar", "Args": ["sh", "-c", line]}
        step = {"Name": "job", "ActionOnFailure": "CONTINUE", "HadoopJarStep": jar}
        asked = {"ClusterId": created["ClusterId"], "Step": step}
        return task("elasticmapreduce:addStep", asked, suffix, **members)

    return make


def _codebuild(cloud: Cloud, _network: Any) -> Callable[..., Job]:
    cloud.client("codebuild").create_project(
        name="jobs",
        source={"type": "NO_SOURCE", "buildspec": json.dumps({"version": "0.2"})},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={"type": "LINUX_CONTAINER", "image": "none", "computeType": "BUILD_GENERAL1_SMALL"},
        serviceRole=ROLE,
    )

    def make(line: str, suffix: str = ".sync", **members: Any) -> Job:
        phases = {"install": {"commands": ["$WORD"]}, "build": {"commands": [line]}}
        specification = json.dumps(SPECIFICATION | {"phases": phases})
        asked = {"ProjectName": "jobs", "BuildspecOverride": specification}
        return task("codebuild:startBuild", asked, suffix, **members)

    return make
