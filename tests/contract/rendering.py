"""Renders the modules' template files as Terraform's `templatefile` does, as far as they use it.

The files hold only `${name}` and `${map.key}`; anything else in them is an error here.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from dragons.schemas import schema

ROOT = Path(__file__).parents[2]
SYSTEM = ROOT / "terraform" / "system"
TEMPLATES = SYSTEM / "rest_api" / "templates"

STATE_MACHINE_ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-report_dragon"
SUMMARY_ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-summarise_dragons"
EXECUTION_ARN_PREFIX = STATE_MACHINE_ARN.replace(":stateMachine:", ":execution:")
ALLOWED_ORIGINS = ["https://dragons.example.com", "http://localhost:3000"]
FRAGMENTS = ["allow_origin", "execution_name", "report_state"]

_PLACEHOLDER = re.compile(r"(?<!\$)\$\{([^}]*)\}")


def render(path: Path, values: Mapping[str, str]) -> str:
    """Fill a template file in.

    Args:
        path: The file.
        values: Text by placeholder; a placeholder without one is a KeyError.
    """
    return _PLACEHOLDER.sub(lambda match: values[match[1]], path.read_text(encoding="utf-8"))


def state_machine(text_messages: str = "any", texts_per_day: int = 10, **deployed: str) -> str:
    """Render the definition of `report_dragon`.

    Args:
        text_messages: To whom its texts go, as the module `workflows` puts it into the definition.
        texts_per_day: How many texts a reporter's reports may send on one day.
        deployed: What it calls, by placeholder, where that is there.
    """
    allowed = [{"IsPresent": True}, {"BooleanEquals": True}] if text_messages != "any" else []
    values = {
        "validate_dragon_arn": "arn:aws:lambda:us-east-1:000000000000:function:validate_dragon:live",
        "table_name": "dragons-test-dragons",
        "event_bus": "dragons-test",
        "texts_table": "dragons-test-texts",
        "texts_per_day": str(texts_per_day),
        "family_index": "by_family",
        "known_from": "1",
        "reviews_queue_url": "https://sqs.us-east-1.amazonaws.com/000000000000/dragons-test-open_review",
        "review_deadline_hours": "72",
        "review_deadline_seconds": "259200",
        "review_heartbeat_seconds": "1800",
        "timeout_seconds": "522000",
        "text_allowed": "".join(f"{json.dumps({'Variable': '$.textAllowed'} | each)}, " for each in allowed),
    }
    return render(SYSTEM / "workflows" / "report_dragon.asl.json.tftpl", values | deployed)


def summary_machine(**deployed: str) -> str:
    """Render the definition of `summarise_dragons`.

    Args:
        deployed: What it reads, by placeholder, where that is there.
    """
    values = {"tallies_table": "dragons-test-tallies", "tallies_index": "most_dragons"}
    return render(SYSTEM / "workflows" / "summarise_dragons.asl.json.tftpl", values | deployed)


def import_machine(**deployed: str) -> str:
    """Render the definition of `import_dragons`.

    Args:
        deployed: What it calls, by placeholder, where that is there.
    """
    function = "arn:aws:lambda:us-east-1:000000000000:function"
    values = {
        "read_import_arn": f"{function}:read_import:live",
        "finish_import_arn": f"{function}:finish_import:live",
        "report_dragon_arn": f"{STATE_MACHINE_ARN}:live",
        "report_execution_arn": EXECUTION_ARN_PREFIX,
        "import_bucket": "imports",
        "work_bucket": "work",
        "outcomes_table": "outcomes",
        "event_bus": "dragons-test",
        "max_concurrency": "40",
        "tolerated_failure_percentage": "100.0",
    }
    return render(SYSTEM / "imports" / "import_dragons.asl.json.tftpl", values | deployed)


def compaction_machine() -> str:
    """Render the definition of `compact_dataset`."""
    values = {
        "compact_family_arn": "arn:aws:lambda:us-east-1:000000000000:function:compact_family:live",
        "rebuild_dataset_arn": "arn:aws:lambda:us-east-1:000000000000:function:rebuild_dataset:live",
        "dataset_bucket": "dataset",
        "dataset_prefix": "dragons/",
        "families_at_once": "100",
        "max_concurrency": "10",
    }
    return render(SYSTEM / "data" / "compact_dataset.asl.json.tftpl", values)


def job_machine(configured: Sequence[str] = ("batch.requestResponse", "batch.sync")) -> str:
    """Render the definition of `run_job`.

    Args:
        configured: What the environment has, as `<kind>.<pattern>`.
    """
    values = {
        "configured": json.dumps(list(configured)),
        "configured_names": ", ".join(configured) or "none",
        "batch_job_definition": "preprocessing",
        "batch_job_queue": "primaryQueue",
        "ecs_cluster": "arn:aws:ecs:us-east-1:000000000000:cluster/dragons-test-jobs",
        "ecs_task_definition": "dragons-test-job",
        "ecs_container": "job",
        "subnets": '["subnet-1"]',
        "security_groups": '["sg-1"]',
        "assign_public_ip": "DISABLED",
        "glue_job": "dragons-test-job",
        "sagemaker_role_arn": "arn:aws:iam::000000000000:role/dragons-test-job-sagemaker",
        "sagemaker_image": "image",
        "sagemaker_output": "s3://models/out",
        "sagemaker_instance_type": "ml.m5.large",
        "codebuild_project": "dragons-test-job",
        "state_machine_arn": f"{STATE_MACHINE_ARN}:live",
    }
    return render(SYSTEM / "jobs" / "run_job.asl.json.tftpl", values)


def mapping_templates(
    text_messages: str = "any", state_machine_arn: str = STATE_MACHINE_ARN
) -> dict[str, str]:
    """Render every mapping template of the REST API, by name, less the fragments they begin with."""
    values = {
        "allowed_origins": json.dumps(ALLOWED_ORIGINS),
        "execution_arn_prefix": state_machine_arn.replace(":stateMachine:", ":execution:"),
        "report_dragon_arn": f"{state_machine_arn}:$stageVariables.alias",
        "summarise_dragons_arn": f"{SUMMARY_ARN}:$stageVariables.alias",
        "text_messages": text_messages,
    }
    values |= {name: render(TEMPLATES / f"{name}.vtl", values).strip() for name in FRAGMENTS}
    names = [path.stem for path in TEMPLATES.glob("*.vtl") if path.stem not in FRAGMENTS]
    return {name: render(TEMPLATES / f"{name}.vtl", values) for name in names}


def openapi(
    text_messages: str = "any", state_machine_arn: str = STATE_MACHINE_ARN, **deployed: str
) -> dict[str, Any]:
    """Render the OpenAPI document that API Gateway imports.

    Args:
        text_messages: To whom a report's texts go.
        state_machine_arn: What `POST /dragons` starts the stage's alias of.
        deployed: What else it calls, by placeholder, where that is there.
    """
    functions = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions"
    values = {
        "title": "dragons-test-rest",
        "region": "us-east-1",
        "credentials": "arn:aws:iam::000000000000:role/dragons-test-rest_api",
        "uris.list_dragons": f"{functions}/list_dragons:${{stageVariables.alias}}/invocations",
        "authorizer_uri": f"{functions}/authorize_partner:live/invocations",
        "authorizer_credentials": "arn:aws:iam::000000000000:role/dragons-test-rest_api_authorizer",
        "authorizer_ttl_seconds": "300",
        "user_pool_arn": "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_Dragons",
        "error_allowed_origin": "*",
    }
    templates = mapping_templates(text_messages, state_machine_arn)
    values |= {f"templates.{name}": json.dumps(text) for name, text in templates.items()}
    for name in ("dragon", "report"):
        model = {key: value for key, value in schema(name).items() if key != "$schema"}
        values[f"schemas.{name}"] = json.dumps(model)
    document: dict[str, Any] = yaml.safe_load(
        render(SYSTEM / "rest_api" / "openapi.yaml.tftpl", values | deployed)
    )
    return document
