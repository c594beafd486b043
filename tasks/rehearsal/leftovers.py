"""What is in a local cloud, of all that this system's Terraform can make."""

from collections.abc import Callable, Iterator
from typing import Any

Client = Callable[[str], Any]

# Service, operation, the list in its response, and the field that names an entry (empty: it is a name).
_LISTS = (
    ("apigateway", "get_rest_apis", "items", "name"),
    ("apigateway", "get_api_keys", "items", "name"),
    ("apigateway", "get_usage_plans", "items", "name"),
    ("apigatewayv2", "get_apis", "Items", "Name"),
    ("cognito-identity", "list_identity_pools", "IdentityPools", "IdentityPoolName"),
    ("cognito-idp", "list_user_pools", "UserPools", "Name"),
    ("dynamodb", "list_tables", "TableNames", ""),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("lambda", "list_layers", "Layers", "LayerName"),
    ("lambda", "list_event_source_mappings", "EventSourceMappings", "EventSourceArn"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("s3", "list_buckets", "Buckets", "Name"),
    ("sns", "list_topics", "Topics", "TopicArn"),
    ("sqs", "list_queues", "QueueUrls", ""),
    ("ssm", "describe_parameters", "Parameters", "Name"),
    ("stepfunctions", "list_state_machines", "stateMachines", "name"),
)
_REQUIRED = {"list_identity_pools": {"MaxResults": 60}, "list_user_pools": {"MaxResults": 60}}


def inventory(client: Client) -> set[str]:
    """Everything that is there, such as `s3 dragons-dev-000000000000-dataset`."""
    return set(_everything(client))


def _everything(client: Client) -> Iterator[str]:
    for service, operation, field, name in _LISTS:
        found = getattr(client(service), operation)(**_REQUIRED.get(operation, {}))
        for each in found.get(field, []):
            yield f"{service} {each[name] if name else each}"
