"""Lambda's API and function URLs: what LocalStack does other than AWS.

Invoke refuses a payload that is too large or no JSON. The error's code is RequestEntityTooLargeException, as
AWS responds, though its reference says RequestTooLargeException; what is wrong with the JSON is told in
Python's words. GetFunction tells a reserved concurrency of 0, GetFunctionConfiguration finds aliases,
UpdateAlias takes weights (unchecked), ListLayers passes over deleted layers. A function tells the key of its
variables; left out: the key is not used, and older versions tell the newest. A function URL's event has the
caller's address.
Sources: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html;
https://github.com/ASFHyP3/hyp3/issues/2241 (asynchronous); recorded in LocalStack's
tests/aws/services/lambda_: TestLambdaSizeLimits::test_oversized_request_create_lambda in
test_lambda_api.snapshot.json, TestLambdaErrors::test_lambda_invoke_payload_encoding_error in
test_lambda.snapshot.json.
"""

import io
import json
from typing import Any

from localstack.aws.api import CommonServiceException, RequestContext
from localstack.aws.api.lambda_ import InvalidRequestContentException, ResourceNotFoundException
from localstack.http import Request
from localstack.services.lambda_ import api_utils, urlrouter
from localstack.services.lambda_.invocation.lambda_models import AliasRoutingConfig
from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.services.lambda_.provider import LambdaProvider
from localstack.utils.patch import patch

_LIMIT_BYTES = 6 * 2**20
_EVENT_LIMIT_BYTES = 2**20
_keys: dict[str, str] = {}  # of variables, by the function's ARN


def correct_api() -> None:
    """Make Lambda's provider and its function URLs respond as AWS does."""
    for original, correction in (
        (LambdaProvider.invoke, _invoke),
        (LambdaProvider.get_function, _get_function),
        (LambdaProvider.get_function_configuration, _get_function_configuration),
        (LambdaProvider.list_layers, _list_layers),
        (LambdaProvider.create_function, _with_key),
        (LambdaProvider.update_function_configuration, _with_key),
        (api_utils.map_config_out, _config),
        (LambdaProvider._create_routing_config_model, _routing),
        (urlrouter.event_for_lambda_url, _event),
    ):
        patch(original)(correction)  # type: ignore[no-untyped-call]


def check_payload(payload: bytes, is_event: bool) -> None:
    """Raise what Invoke responds to a payload that is too large (413) or no JSON (400)."""
    size, limit = len(payload), _EVENT_LIMIT_BYTES if is_event else _LIMIT_BYTES
    if size > limit:
        reason = f"Request must be smaller than {_LIMIT_BYTES} bytes for the InvokeFunction operation"
        if size <= _LIMIT_BYTES:
            reason = f"{size} byte payload is too large for the Event invocation type (limit {limit} bytes)"
        raise CommonServiceException("RequestEntityTooLargeException", reason, 413, sender_fault=True)
    try:
        json.loads(payload.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        message = f"Could not parse request body into json: Could not parse payload into json: {error}"
        raise InvalidRequestContentException(message, Type="User") from None


def _refuse(name: str) -> None:
    raise ValueError(f"Non-standard token '{name}'")


def _invoke(original: Any, self: LambdaProvider, context: RequestContext, **parameters: Any) -> Any:
    if content := parameters["payload"].read() if parameters.get("payload") else b"":
        check_payload(content, parameters.get("invocation_type") == "Event")
    return original(self, context, **parameters | {"payload": io.BytesIO(content) if content else None})


def _get_function(original: Any, self: LambdaProvider, context: Any, function_name: str, **rest: Any) -> Any:
    """Tell a reserved concurrency of 0, too: https://docs.aws.amazon.com/lambda/latest/api/API_Concurrency.html."""
    response = original(self, context, function_name, **rest)
    reserved = self.get_function_concurrency(context, function_name)
    return (
        {**response, "Concurrency": reserved} if reserved["ReservedConcurrentExecutions"] == 0 else response
    )


def _get_function_configuration(original: Any, self: LambdaProvider, *names: Any, **parameters: Any) -> Any:
    try:
        return original(self, *names, **parameters)
    except ResourceNotFoundException:
        return self.get_function(*names, **parameters)["Configuration"]


def _routing(original: Any, self: LambdaProvider, weights: dict[str, float], version: Any = None) -> Any:
    """Make an alias's routing: UpdateAlias asks without the version that its weights are checked against."""
    return original(self, weights, version) if version else AliasRoutingConfig(version_weights=weights)


def _list_layers(original: Any, self: LambdaProvider, context: RequestContext, **parameters: Any) -> Any:
    """List no layer whose versions are all deleted: LocalStack keeps it, for the next number, and fails."""
    layers = lambda_stores[context.account_id][context.region].layers
    empty = {name: layer for name, layer in layers.items() if not layer.layer_versions}
    for name in empty:
        del layers[name]
    try:
        return original(self, context, **parameters)
    finally:
        layers.update(empty)


def _with_key(original: Any, self: LambdaProvider, context: RequestContext, request: Any) -> Any:
    configuration = original(self, context, request)
    if "KMSKeyArn" in request or "Code" in request:  # a function with a name of before has no key of before
        _keys[_unqualified(configuration)] = request.get("KMSKeyArn", "")
    return _tell_key(configuration)


def _config(original: Any, *names: Any, **parameters: Any) -> Any:
    return _tell_key(original(*names, **parameters))


def _tell_key(configuration: Any) -> Any:
    if key := _keys.get(_unqualified(configuration)):
        configuration["KMSKeyArn"] = key
    return configuration


def _unqualified(configuration: Any) -> str:
    return ":".join(configuration["FunctionArn"].split(":")[:7])


def _event(original: Any, api_id: str, request: Request) -> dict[str, Any]:
    event: dict[str, Any] = original(api_id, request)
    address = request.remote_addr or ""
    event["requestContext"]["http"]["sourceIp"] = event["headers"]["x-forwarded-for"] = address
    return event
