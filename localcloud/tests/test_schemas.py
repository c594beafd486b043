"""Schema registries by AWS's own client: what goes in comes out, and versions are counted."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st
from localstack.aws.api import RequestContext
from localstack.aws.spec import load_service
from localstack.http import Request

from localcloud.schemas import REGISTRIES, SERVED

REGISTRY, SCHEMA = {"RegistryName": "animals"}, {"RegistryName": "animals", "SchemaName": "zoo@AnimalFed"}
ARN = "arn:aws:schemas:us-east-1:123456789012:schema/animals/zoo@AnimalFed"
CONTENT = json.dumps({"$schema": "http://json-schema.org/draft-04/schema#", "type": "object"})


class Raw:
    """A body, as botocore reads it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        yield self._body


def serve(request: Any, **_: Any) -> AWSResponse:
    """Answer a client's request by the service."""
    path, _, query = request.url.removeprefix("https://schemas.us-east-1.amazonaws.com").partition("?")
    context = RequestContext(
        Request(request.method, path, request.headers, request.body or b"", query_string=query)
    )
    context.service, context.protocol = load_service("schemas"), "rest-json"
    context.account_id, context.region, context.partition = "123456789012", "us-east-1", "aws"
    context.request_id = "1"
    answer = SERVED.invoke(context)
    headers: Any = answer.headers
    return AWSResponse(request.url, answer.status_code, headers, Raw(answer.data))


def make_client(validates: bool) -> Any:
    config = Config(parameter_validation=validates, retries={"total_max_attempts": 1})
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    made = boto3.client("schemas", "us-east-1", config=config, **keys)  # type: ignore[call-overload]
    made.meta.events.register("before-send", serve)
    return made


CLIENT = make_client(validates=True)


@pytest.fixture(autouse=True)
def registry() -> Iterator[None]:
    CLIENT.create_registry(**REGISTRY, Description="what happens", Tags={"a": "1"})
    yield
    REGISTRIES._resources.clear()


def create(**members: Any) -> Any:
    return CLIENT.create_schema(**SCHEMA | {"Type": "JSONSchemaDraft4", "Content": CONTENT} | members)


def refusal(operation: str, client: Any = CLIENT, **parameters: Any) -> tuple[str, int, str]:
    with pytest.raises(ClientError) as caught:
        getattr(client, operation)(**parameters)
    error, met = caught.value.response["Error"], caught.value.response["ResponseMetadata"]
    return error["Code"], met["HTTPStatusCode"], error["Message"]


def without_metadata(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def test_a_registry_is_kept_changed_and_forgotten() -> None:
    kept = without_metadata(CLIENT.describe_registry(**REGISTRY))
    arn = "arn:aws:schemas:us-east-1:123456789012:registry/animals"
    assert kept == REGISTRY | {"RegistryArn": arn, "Description": "what happens", "Tags": {"a": "1"}}
    CLIENT.update_registry(**REGISTRY, Description="")
    assert without_metadata(CLIENT.describe_registry(**REGISTRY)) == kept | {"Description": ""}
    CLIENT.delete_registry(**REGISTRY)
    gone = ("NotFoundException", 404, "Registry with name animals does not exist.")
    assert refusal("describe_registry", **REGISTRY) == refusal("delete_registry", **REGISTRY) == gone
    assert refusal("create_schema", **SCHEMA, Type="JSONSchemaDraft4", Content=CONTENT) == gone


def test_a_changed_content_is_a_version_and_a_description_is_none() -> None:
    assert create()["SchemaVersion"] == "1"
    first = CLIENT.describe_schema(**SCHEMA)
    assert (first["SchemaArn"], first["Content"], first["Type"]) == (ARN, CONTENT, "JSONSchemaDraft4")
    assert first["VersionCreatedDate"] == first["LastModified"]
    assert CLIENT.update_schema(**SCHEMA, Description="fed", Content=CONTENT)["SchemaVersion"] == "1"
    changed = CLIENT.update_schema(**SCHEMA, Content="{}")
    assert (changed["SchemaVersion"], changed["Description"]) == ("2", "fed")
    assert CLIENT.describe_schema(**SCHEMA)["Content"] == "{}"
    assert CLIENT.describe_schema(**SCHEMA, SchemaVersion="1")["Content"] == CONTENT
    versions = CLIENT.list_schema_versions(**SCHEMA)["SchemaVersions"]
    assert [each["SchemaVersion"] for each in versions] == ["1", "2"]
    CLIENT.delete_schema_version(**SCHEMA, SchemaVersion="1")
    assert refusal("describe_schema", **SCHEMA, SchemaVersion="1")[:2] == ("NotFoundException", 404)


def test_lists_have_what_is_there() -> None:
    create()
    create(SchemaName="zoo@AnimalBorn", Tags={"b": "2"})
    CLIENT.update_schema(**SCHEMA, Content="{}")
    listed = CLIENT.list_schemas(**REGISTRY)["Schemas"]
    assert [(each["SchemaName"], each["VersionCount"]) for each in listed] == [
        ("zoo@AnimalFed", 2),
        ("zoo@AnimalBorn", 1),
    ]
    [born] = CLIENT.list_schemas(**REGISTRY, SchemaNamePrefix="zoo@AnimalB")["Schemas"]
    assert born["Tags"] == {"b": "2"}
    assert "Content" not in born
    assert [each["RegistryName"] for each in CLIENT.list_registries()["Registries"]] == ["animals"]
    assert CLIENT.list_registries(RegistryNamePrefix="z")["Registries"] == []
    assert refusal("list_schemas", RegistryName="none")[0] == "NotFoundException"


def test_tags_are_of_registries_and_of_schemas() -> None:
    create()
    for arn in (ARN, ARN.replace("schema/animals/zoo@AnimalFed", "registry/animals")):
        CLIENT.tag_resource(ResourceArn=arn, Tags={"c": "3", "d": "4"})
        CLIENT.untag_resource(ResourceArn=arn, TagKeys=["c", "none"])
        assert CLIENT.list_tags_for_resource(ResourceArn=arn)["Tags"].items() >= {"d": "4"}.items()
    assert CLIENT.describe_schema(**SCHEMA)["Tags"] == {"d": "4"}
    assert refusal("list_tags_for_resource", ResourceArn=f"{ARN}x")[0] == "NotFoundException"


def test_a_name_is_taken_once_and_free_when_what_had_it_is_gone() -> None:
    create()
    taken = ("ConflictException", 409, "Schema with name zoo@AnimalFed already exists.")
    assert refusal("create_schema", **SCHEMA, Type="OpenApi3", Content="{}") == taken
    assert refusal("create_registry", **REGISTRY)[:2] == ("ConflictException", 409)
    CLIENT.update_schema(**SCHEMA, Content="{}")
    CLIENT.delete_schema(**SCHEMA)
    assert refusal("update_schema", **SCHEMA, Content="{}")[:2] == ("NotFoundException", 404)
    assert create()["SchemaVersion"] == "1"
    CLIENT.delete_registry(**REGISTRY)
    CLIENT.create_registry(**REGISTRY)
    assert CLIENT.list_schemas(**REGISTRY)["Schemas"] == []


@pytest.mark.parametrize(
    ("members", "fault"),
    [
        ({"Type": "Avro"}, "Type: 'Avro' is not one of OpenApi3, JSONSchemaDraft4"),
        ({"Content": "x" * 100_001}, "Content: longer than 100000"),
        ({"Content": ""}, "Content: shorter than 1"),
        ({"Description": "x" * 257}, "Description: longer than 256"),
    ],
)
def test_what_the_model_does_not_allow_is_refused(members: dict[str, str], fault: str) -> None:
    asked = SCHEMA | {"Type": "JSONSchemaDraft4", "Content": CONTENT} | members
    assert refusal("create_schema", make_client(validates=False), **asked) == (
        "BadRequestException",
        400,
        fault,
    )


def test_what_is_not_served_says_so() -> None:
    assert refusal("search_schemas", **REGISTRY, Keywords="x")[1] == 501


@settings(max_examples=20)
@given(st.lists(st.sampled_from(["{}", "[]", CONTENT]), max_size=8))
def test_there_are_as_many_versions_as_there_were_changes(contents: list[str]) -> None:
    create()
    kept, versions = CONTENT, [CONTENT]
    for content in contents:
        CLIENT.update_schema(**SCHEMA, Content=content)
        versions += [content] * (content != kept)
        kept = content
    found = CLIENT.list_schema_versions(**SCHEMA)["SchemaVersions"]
    told = [CLIENT.describe_schema(**SCHEMA, SchemaVersion=each["SchemaVersion"]) for each in found]
    assert [each["Content"] for each in told] == versions
    CLIENT.delete_schema(**SCHEMA)
