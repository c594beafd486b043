"""Requests against AWS's own service models."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from localcloud import request_constraints


def operation(service: str, name: str) -> Any:
    model = Loader().load_service_model(service, "service-2")
    return ServiceModel(model, service).operation_model(name)


def faults(service: str, name: str, **request: Any) -> list[str]:
    return list(request_constraints.faults(operation(service, name).input_shape, request))


def test_a_request_within_its_bounds_has_no_fault() -> None:
    tags = [{"Key": "k", "Value": ""}]
    assert faults("iam", "CreateRole", RoleName="r", AssumeRolePolicyDocument="{}", Tags=tags) == []
    assert faults("sqs", "CreateQueue", QueueName="q", Attributes={"DelaySeconds": "1"}) == []


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        ({"RoleName": "r"}, "AssumeRolePolicyDocument is missing"),
        ({"RoleName": "r" * 65}, "RoleName: longer than 64"),
        ({"RoleName": ""}, "RoleName: shorter than 1"),
        ({"RoleName": "a/b"}, r"RoleName: 'a/b' does not match [\w+=,.@-]+"),
        ({"MaxSessionDuration": 60}, "MaxSessionDuration: less than 3600"),
        ({"MaxSessionDuration": 86400}, "MaxSessionDuration: more than 43200"),
        ({"Tags": [{"Key": "k", "Value": "v"}] * 51}, "Tags: longer than 50"),
        ({"Tags": [{"Key": "", "Value": "v"}]}, "Tags[0].Key: shorter than 1"),
        ({"Tags": [{"Key": "k"}]}, "Tags[0]: Value is missing"),
    ],
)
def test_each_fault_is_named_with_its_member(request_: dict[str, Any], found: str) -> None:
    assert found in faults("iam", "CreateRole", **request_)


def test_values_and_keys_of_maps_are_checked() -> None:
    wrong = faults("lambda", "CreateFunction", Environment={"Variables": {"1a": "x"}})
    assert any(each.startswith("Environment.Variables, its key '1a': '1a' does not match") for each in wrong)
    wrong = faults("lambda", "CreateFunction", Architectures=["arm"])
    assert "Architectures[0]: 'arm' is not one of x86_64, arm64" in wrong


def test_what_is_wrong_is_written_down_and_internal_calls_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(request_constraints.VARIABLE, str(tmp_path / "faults.jsonl"))
    context = SimpleNamespace(
        is_internal_call=True,
        request=SimpleNamespace(headers={"User-Agent": "me"}),
        operation=operation("iam", "GetRole"),
        service=SimpleNamespace(service_name="iam"),
        service_request={"RoleName": ""},
    )
    request_constraints.note(None, context, None)
    assert not (tmp_path / "faults.jsonl").exists()
    context.is_internal_call = False
    request_constraints.note(None, context, None)
    [line] = (tmp_path / "faults.jsonl").read_text().splitlines()
    told = ["RoleName: shorter than 1", r"RoleName: '' does not match [\w+=,.@-]+"]
    assert json.loads(line) == {
        "user_agent": "me",
        "service": "iam",
        "operation": "GetRole",
        "faults": told,
    }
