"""Lambda's API: what it refuses, and what makes the corrections of `executor/operations.py` necessary."""

import dataclasses
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from localstack.aws.api.lambda_ import InvalidRequestContentException, ResourceNotFoundException
from localstack.aws.forwarder import create_aws_request_context
from localstack.http import Request
from localstack.services.lambda_.invocation.lambda_models import VersionFunctionConfiguration
from localstack.services.lambda_.invocation.lambda_service import LambdaService
from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.services.lambda_.provider import LambdaProvider
from localstack.services.lambda_.urlrouter import event_for_lambda_url

from localcloud.executor.operations import _get_function, _list_layers, _routing, _with_key, check_payload

ACCOUNT, REGION = "000000000000", "us-east-1"
DONE = "LocalStack does this itself now: delete it from executor/operations.py"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists), st.booleans())
def test_json_is_taken(value: Any, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    check_payload(text.encode("utf-8", "replace"), is_event=False)


@given(st.binary(max_size=20))
def test_nothing_else_is_told_apart_by_anything_but_its_error(payload: bytes) -> None:
    try:
        json.loads(payload.decode())
    except ValueError:
        with pytest.raises(InvalidRequestContentException):
            check_payload(payload, is_event=False)
    else:
        check_payload(payload, is_event=False)


@pytest.fixture
def service() -> Iterator[Any]:
    """LocalStack's Lambda with a function that takes any payload, and an alias of it."""
    config = SimpleNamespace(runtime="python3.13", package_type="Zip", capacity_provider_config=None)
    function = SimpleNamespace(
        versions={"$LATEST": SimpleNamespace(config=config), "1": SimpleNamespace(config=config)},
        aliases={"live": SimpleNamespace(function_version="1", routing_configuration=None)},
    )
    functions = lambda_stores[ACCOUNT][REGION].functions
    functions["f"] = cast("Any", function)
    taken = SimpleNamespace(
        invoke=lambda invocation: SimpleNamespace(is_error=False, taken=invocation.payload)
    )
    yield SimpleNamespace(
        get_lambda_version_manager=lambda _: taken, get_lambda_event_manager=lambda _: taken
    )
    del functions["f"]


@pytest.mark.parametrize("payload", [b"{", b"x" * (6 * 2**20 + 1)], ids=["no JSON", "too large"])
def test_localstack_takes_any_payload(service: Any, payload: bytes) -> None:
    result: Any = LambdaService.invoke(service, "f", None, REGION, ACCOUNT, None, None, "id", payload)
    assert result.taken == payload, DONE


def test_localstack_finds_no_configuration_of_an_alias(service: Any) -> None:
    context: Any = create_aws_request_context(
        "lambda", "GetFunctionConfiguration", "rest-json", {"FunctionName": "f"}, region=REGION
    )
    context.account_id = ACCOUNT
    try:
        LambdaProvider.get_function_configuration(service, context, "f", "live")
    except ResourceNotFoundException:
        return
    pytest.fail(DONE)


@pytest.mark.parametrize(("reserved", "told"), [(0, {"ReservedConcurrentExecutions": 0}), (None, None)])
def test_a_reserved_concurrency_of_0_is_told(reserved: int | None, told: Any) -> None:
    concurrency = {"ReservedConcurrentExecutions": reserved}
    provider = SimpleNamespace(get_function_concurrency=lambda *_: concurrency)
    of_localstack: Any = lambda *_, **__: {"Concurrency": None}  # noqa: E731
    assert _get_function(of_localstack, cast("Any", provider), None, "f")["Concurrency"] == told


def test_localstack_does_not_tell_who_calls_a_function_url() -> None:
    event = event_for_lambda_url("id", Request("GET", "/", remote_addr="127.0.0.1"))
    assert event["requestContext"]["http"]["sourceIp"] == "", DONE


@pytest.fixture
def deleted_layer() -> Iterator[None]:
    layers = lambda_stores[ACCOUNT][REGION].layers
    layers["gone"] = cast("Any", SimpleNamespace(arn="arn", layer_versions={}))
    yield
    del layers["gone"]


@pytest.mark.usefixtures("deleted_layer")
def test_a_layer_without_versions_is_not_listed() -> None:
    context: Any = SimpleNamespace(account_id=ACCOUNT, region=REGION)
    provider = LambdaProvider.__new__(LambdaProvider)
    original = LambdaProvider.list_layers
    with pytest.raises(IndexError):  # else delete _list_layers from executor/operations.py
        original(provider, context)
    assert _list_layers(original, provider, context)["Layers"] == []
    assert "gone" in lambda_stores[ACCOUNT][REGION].layers


def test_localstack_knows_no_key_of_a_functions_variables() -> None:
    names = {each.name for each in dataclasses.fields(VersionFunctionConfiguration)}
    assert "kms_key_arn" not in names, DONE


def test_a_function_tells_the_key_of_its_variables_until_another_has_its_name() -> None:
    def original(_provider: Any, _context: Any, request: Any) -> dict[str, str]:
        return {"FunctionArn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{request['FunctionName']}:1"}

    def told(**request: Any) -> Any:
        provider, context = cast("Any", None), cast("Any", None)
        return _with_key(original, provider, context, {"FunctionName": "f"} | request).get("KMSKeyArn")

    assert told(Code={}, KMSKeyArn="arn:key") == "arn:key"
    assert told(MemorySize=512) == "arn:key"
    assert told(KMSKeyArn="") is None
    assert told(KMSKeyArn="arn:other") == "arn:other"
    assert told(Code={}) is None


def test_update_alias_takes_weights() -> None:
    original: Any = LambdaProvider._create_routing_config_model
    provider = LambdaProvider()
    with pytest.raises(TypeError):  # as UpdateAlias asks; else delete _routing from executor/operations.py
        original(provider, {"2": 0.5})
    assert _routing(original, provider, {"2": 0.5}).version_weights == {"2": 0.5}
