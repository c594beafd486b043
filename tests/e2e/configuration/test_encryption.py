"""What functions are told is encrypted with the environment's key, and so are secrets, which they decrypt."""

import io
import json
import os
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.under_test import applied_from
from tasks.code.named import with_alias

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "tests" / "fixtures" / "functions" / "tell_secret.py"


@pytest.fixture(scope="module")
def encryption(outputs: dict[str, Any]) -> dict[str, Any]:
    """The environment's key, and the context of its secrets."""
    found: dict[str, Any] | None = outputs.get("encryption")
    if found is None:
        pytest.skip("the environment has no key of its own")
    return found


def test_every_functions_variables_are_encrypted_with_the_environments_key(
    outputs: dict[str, Any], aws: Callable[[str], Any], encryption: dict[str, Any]
) -> None:
    keys = {}
    for name, arn in with_alias(outputs["functions"]).items():
        found = aws("lambda").get_function_configuration(FunctionName=arn)
        if found.get("Environment", {}).get("Variables"):
            keys[name] = found.get("KMSKeyArn")
    assert keys
    assert set(keys.values()) == {encryption["key_arn"]}, keys


def test_the_key_rotates_and_has_the_environments_name(
    outputs: dict[str, Any], aws: Callable[[str], Any], encryption: dict[str, Any]
) -> None:
    prefix = outputs["dragons_table"].removesuffix("-dragons")
    named = aws("kms").describe_key(KeyId=f"alias/{prefix}")["KeyMetadata"]
    assert named["Arn"] == encryption["key_arn"]
    assert aws("kms").get_key_rotation_status(KeyId=named["KeyId"])["KeyRotationEnabled"]


Tell = Callable[[str, dict[str, Any]], dict[str, Any]]


@pytest.fixture
def tell(outputs: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[Tell]:
    """Deploy the example function with a secret, and invoke it."""
    if "DRAGONS_CLOUD_LOG" not in os.environ:
        pytest.skip("the target is no local cloud of ours")
    functions, made = aws("lambda"), []
    like = functions.get_function_configuration(FunctionName=outputs["functions"]["list_dragons"])
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.write(EXAMPLE, EXAMPLE.name)

    def told(secret: str, encryption: dict[str, Any]) -> dict[str, Any]:
        name = f"test-{uuid.uuid4()}"
        functions.create_function(
            FunctionName=name,
            Runtime=like["Runtime"],
            Handler=f"{EXAMPLE.stem}.handler",
            Role=like["Role"],
            Layers=[layer["Arn"] for layer in like["Layers"]],
            Code={"ZipFile": content.getvalue()},
            Environment={"Variables": {"ANSWER": secret, "ENCRYPTION": json.dumps(encryption)}},
            Timeout=30,
        )
        made.append(name)
        functions.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.2})
        found: dict[str, Any] = json.load(functions.invoke(FunctionName=name)["Payload"])
        return found

    yield told
    for name in made:
        functions.delete_function(FunctionName=name)


def encrypted(text: str) -> str:
    """What `make encrypt` prints of a text for the system under test."""
    done = subprocess.run(
        [sys.executable, "-m", "support.under_test", "encrypt", f"--text={text}"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_secret_is_read_by_a_function_of_its_environment_alone(
    tell: Tell, encryption: dict[str, Any]
) -> None:
    applied_from()  # else there is no system to encrypt for
    secret = encrypted("forty-two")
    assert "forty-two" not in secret
    assert tell(secret, encryption) == {"length": 9, "shown": "Secret()"}
    other = encryption | {"context": encryption["context"] | {"environment": "other"}}
    assert tell(secret, other)["errorMessage"] == (
        "environment variable ANSWER was encrypted in another context, or is cut short: "
        "encrypt it for this environment with `make encrypt`"
    )
