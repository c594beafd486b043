"""The packages that `build.py` has made of this repository hold what the functions need, and work."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
import boto3
for service in sys.argv[2:]:
    client = boto3.client(service, region_name="us-east-1")
    assert client.meta.service_model.operation_names, service
print(boto3.__file__)
"""


@pytest.fixture(scope="module")
def manifest() -> Any:
    return json.loads((ROOT / "dist/manifest.json").read_text())


@pytest.fixture(scope="module")
def layer(manifest: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("layer")
    with zipfile.ZipFile(ROOT / manifest["layers"]["shared"]["path"]) as archive:
        archive.extractall(folder)
    return folder / "python"


def test_a_client_of_every_service_is_made(manifest: Any, layer: Path) -> None:
    services = manifest["layers"]["shared"]["services"]
    assert {"cognito-idp", "dynamodb", "s3", "ssm"} <= set(services)
    command = [sys.executable, "-I", "-S", "-B", "-c", PROGRAM, layer, *services]
    done = subprocess.run(command, env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(layer))


def test_nothing_else_is_described(manifest: Any, layer: Path) -> None:
    described = {path.name for path in (layer / "botocore/data").iterdir() if path.is_dir()}
    assert described == set(manifest["layers"]["shared"]["services"])


def test_licences_and_metadata_stay(layer: Path) -> None:
    for metadata in layer.glob("*.dist-info"):
        assert (metadata / "METADATA").is_file()
    assert list(layer.glob("botocore-*.dist-info/**/LICENSE*"))


def test_everything_is_compiled(manifest: Any) -> None:
    for record in [*manifest["functions"].values(), *manifest["layers"].values()]:
        assert record["compiled"]
