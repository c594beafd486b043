"""What of an environment is in an account, whoever made it: found by its name, not by Terraform's state."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# What it is, the service, the operation that lists it, and where in the answers the names are.
_LISTS = (
    ("API key", "apigateway", "get_api_keys", "items[].name"),
    ("usage plan", "apigateway", "get_usage_plans", "items[].name"),
    ("distribution", "cloudfront", "list_distributions", "DistributionList.Items[].Comment"),
    ("REST API", "apigateway", "get_rest_apis", "items[].name"),
    ("HTTP API", "apigatewayv2", "get_apis", "Items[].Name"),
    ("function", "lambda", "list_functions", "Functions[].FunctionName"),
    ("layer", "lambda", "list_layers", "Layers[].LayerName"),
    ("state machine", "stepfunctions", "list_state_machines", "stateMachines[].name"),
    ("table", "dynamodb", "list_tables", "TableNames[]"),
    ("bucket", "s3", "list_buckets", "Buckets[].Name"),
    ("queue", "sqs", "list_queues", "QueueUrls[]"),
    ("topic", "sns", "list_topics", "Topics[].TopicArn"),
    ("event bus", "events", "list_event_buses", "EventBuses[].Name"),
    ("archive of events", "events", "list_archives", "Archives[].ArchiveName"),
    ("KMS key", "kms", "list_keys", "Keys[].KeyId"),
    ("registry of schemas", "schemas", "list_registries", "Registries[].RegistryName"),
    ("user pool", "cognito-idp", "list_user_pools", "UserPools[].Name"),
    ("identity pool", "cognito-identity", "list_identity_pools", "IdentityPools[].IdentityPoolName"),
    ("role", "iam", "list_roles", "Roles[].RoleName"),
    ("parameter", "ssm", "get_parameters_by_path", "Parameters[].Name"),
    ("log group", "logs", "describe_log_groups", "logGroups[].logGroupName"),
)

DELETED_ON = "which is deleted on"
"""What goes by itself, and by when."""


def find(
    client: Callable[[str], Any], environment: str, others: Iterable[str] = (), kinds: Iterable[str] = ()
) -> Iterator[tuple[str, str]]:
    """Find what is named after an environment.

    Args:
        client: Makes a client of a service.
        environment: The environment's name.
        others: Other names to look for, such as an API's id.
        kinds: What to look for alone, such as `API key` (default: all).

    Yields:
        What it is, and its name; a service that may not be asked is named with its refusal.
    """
    from botocore.exceptions import ClientError

    # `:` is behind the name in a key's description, and `.` before it in the log of a replica at the edge
    names = "|".join([rf"dragons-{re.escape(environment)}", *map(re.escape, others)])
    named = re.compile(rf"(^|[/_:.])({names})($|[-_/:])|^/dragons/{re.escape(environment)}/")
    chosen = set(kinds) or {each[0] for each in _LISTS}
    for kind, service, operation, where in _LISTS:
        if kind in chosen:
            try:
                for name in _listed(client(service), operation, where, environment):
                    if named.search(name):
                        yield kind, name
            except ClientError as error:
                yield kind, f"could not be listed: {error}"


def _listed(client: Any, operation: str, where: str, environment: str) -> Iterator[str]:
    paged = {"PaginationConfig": {"PageSize": 60}}  # which Cognito must be told
    named = {"NamePrefix": f"dragons-{environment}"}
    known: dict[str, dict[str, Any]] = {
        "list_archives": named,
        "list_event_buses": named,
        "list_registries": {"RegistryNamePrefix": f"dragons-{environment}"},
        "list_user_pools": paged,
        "list_identity_pools": paged,
        "get_parameters_by_path": {"Path": f"/dragons/{environment}", "Recursive": True},
    }
    options = known.get(operation, {})
    if client.can_paginate(operation):
        found = client.get_paginator(operation).paginate(**options).search(where)
    else:  # of what is found by its name, one page is all
        key, name = where.split("[].")
        found = [each[name] for each in getattr(client, operation)(**options)[key]]
    if operation == "list_keys":
        found = (_described(client, key) for key in found)
    yield from filter(None, found)


def _described(client: Any, key: str) -> str:
    """A key by its description: its alias is gone before it is.

    Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html
    """
    known = client.describe_key(KeyId=key)["KeyMetadata"]
    until = f", {DELETED_ON} {known['DeletionDate']:%Y-%m-%d}" if "DeletionDate" in known else ""
    return f"{known['Description']} ({key}{until})"
