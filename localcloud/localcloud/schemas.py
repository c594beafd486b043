"""EventBridge's schema registries, which neither LocalStack nor moto has.

Source: https://docs.aws.amazon.com/eventbridge/latest/schema-reference/what-is-eventbridge-schemas.html

A schema whose content or type changes gets another version, counted from 1. The message of an existing schema
is as seen of AWS (hashicorp/terraform-provider-aws, issue 38261); the others are worded like it.

Left out: discovery, code bindings, policies, search and export (501); a check of the content; pages of lists.
"""

from datetime import UTC, datetime
from typing import Any

from localstack.aws.api import RequestContext, ServiceResponse
from localstack.aws.skeleton import DispatchTable, Skeleton
from localstack.aws.spec import load_service
from localstack.services.plugins import Service, aws_provider

from localcloud.resource_store import ResourceCollection, checked, shaped


def _registry(context: RequestContext, request: Any) -> dict[str, Any]:
    return {"RegistryArn": _arn(context, "registry", request["RegistryName"])}


def _schema(context: RequestContext, request: Any) -> dict[str, Any]:
    arn = _arn(context, "schema", request["RegistryName"], request["SchemaName"])
    return {"SchemaArn": arn, **_version(1)}


def _version(number: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {"SchemaVersion": str(number), "LastModified": now, "VersionCreatedDate": now}


def _arn(context: RequestContext, *path: str) -> str:
    return f"arn:{context.partition}:schemas:{context.region}:{context.account_id}:{'/'.join(path)}"


REGISTRIES = ResourceCollection("Registry", "RegistryName", _registry)
SCHEMAS = ResourceCollection("Schema", "SchemaName", _schema, REGISTRIES)
VERSIONS = ResourceCollection("Schema version", "SchemaVersion", lambda *_: {}, SCHEMAS)


def create_schema(context: RequestContext, request: Any) -> ServiceResponse:
    """CreateSchema."""
    SCHEMAS.create(context, request)
    return _keep_version(context, request)


def update_schema(context: RequestContext, request: Any) -> ServiceResponse:
    """UpdateSchema."""
    kept = SCHEMAS.find(*SCHEMAS.key(context, request))
    changed = any(request.get(name, kept[name]) != kept[name] for name in ("Content", "Type"))
    SCHEMAS.update(context, request)
    if not changed:
        kept["LastModified"] = datetime.now(UTC)
        return shaped(context, kept)
    kept.update(_version(int(kept["SchemaVersion"]) + 1))
    return _keep_version(context, request)


def _keep_version(context: RequestContext, request: Any) -> ServiceResponse:
    version: Any = dict(SCHEMAS.find(*SCHEMAS.key(context, request)))
    return VERSIONS.create(context, version)


def describe_schema(context: RequestContext, request: Any) -> ServiceResponse:
    """DescribeSchema: the newest version, or the one that is asked for."""
    return (VERSIONS if request.get("SchemaVersion") else SCHEMAS).get(context, request)


def list_schemas(context: RequestContext, request: Any) -> ServiceResponse:
    """ListSchemas, with the number of their versions."""
    listed = SCHEMAS.list_all(context, request)
    for each in listed["Schemas"]:
        each["VersionCount"] = len(VERSIONS.within(*SCHEMAS.key(context, {**request, **each})))
    return listed


def tag_resource(context: RequestContext, request: Any) -> ServiceResponse:
    """TagResource."""
    _tags(context, request).update(request["Tags"])
    return {}


def untag_resource(context: RequestContext, request: Any) -> ServiceResponse:
    """UntagResource."""
    for key in request["TagKeys"]:
        _tags(context, request).pop(key, None)
    return {}


def list_tags_for_resource(context: RequestContext, request: Any) -> ServiceResponse:
    """ListTagsForResource."""
    return {"Tags": _tags(context, request)}


def _tags(context: RequestContext, request: Any) -> dict[str, str]:
    kind, *names = request["ResourceArn"].rpartition(":")[2].split("/")
    kept = (SCHEMAS if kind == "schema" else REGISTRIES).find(context.account_id, context.region, *names)
    tags: dict[str, str] = kept.setdefault("Tags", {})
    return tags


_OPERATIONS: DispatchTable = {
    "CreateRegistry": REGISTRIES.create,
    "CreateSchema": create_schema,
    "DeleteRegistry": REGISTRIES.delete,
    "DeleteSchema": SCHEMAS.delete,
    "DeleteSchemaVersion": VERSIONS.delete,
    "DescribeRegistry": REGISTRIES.get,
    "DescribeSchema": describe_schema,
    "ListRegistries": REGISTRIES.list_all,
    "ListSchemas": list_schemas,
    "ListSchemaVersions": VERSIONS.list_all,
    "ListTagsForResource": list_tags_for_resource,
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
    "UpdateRegistry": REGISTRIES.update,
    "UpdateSchema": update_schema,
}
SERVED = Skeleton(
    load_service("schemas"), {name: checked(operation) for name, operation in _OPERATIONS.items()}
)


@aws_provider(api="schemas")  # type: ignore[untyped-decorator]
def provider() -> Service:
    """Return the service."""
    return Service(name="schemas", skeleton=SERVED)
