"""botocore's descriptions: those of services that somebody makes a client of stay, the others go."""

import pytest

from unit.build.repository import HANDLER, Repository

LAYER = "layers/shared"
BOTOCORE = {
    "botocore/__init__.py": "",
    "botocore/credentials.py": "def f(session):\n    return session._client_creator('sts')\n",
    "botocore/data/endpoints.json": "{}",
    "botocore/data/s3/2006/service-2.json": "s3",
    "botocore/data/sqs/2012/service-2.json": "sqs",
    "botocore/data/sts/2011/service-2.json": "sts",
    "botocore/data/ssm/2014/service-2.json": "ssm",
    "other/data/sqs/file": "not botocore's",
}


@pytest.fixture
def repository(repository: Repository) -> Repository:
    boto3 = {
        "boto3/__init__.py": "client = resource = print\nclass Session:\n    client = print\n",
        "boto3/data/sqs/2012/resources-1.json": "r",
    }
    locked = repository.add_wheel("botocore", "1.0", BOTOCORE) + repository.add_wheel("boto3", "1.0", boto3)
    repository.write(f"{LAYER}/requirements.txt", locked)
    return repository


def kept(repository: Repository) -> list[str]:
    paths = repository.zipped(LAYER)
    found = {
        path.split("/data/")[1].split("/")[0]
        for path in paths
        if path.startswith("python/boto") and "/data/" in path
    }
    assert {"python/botocore/data/endpoints.json", "python/other/data/sqs/file"} < set(paths)
    assert repository.manifest["layers"]["shared"]["services"] == sorted(found - {"endpoints.json"})
    return sorted(found - {"endpoints.json"})


@pytest.mark.parametrize(
    ("source", "services"),
    [
        ("", ["sts"]),
        ("boto3.client('s3')", ["s3", "sts"]),
        ("boto3.resource('sqs', 'us-east-1')", ["sqs", "sts"]),
        ("boto3.Session().client(service_name='ssm')", ["ssm", "sts"]),
        ("from boto3 import client; client('s3')", ["s3", "sts"]),
        ("boto3.client('unheard-of')", ["sts"]),
        ("print(http.client)", ["sts"]),
    ],
)
def test_what_sources_name_is_kept(repository: Repository, source: str, services: list[str]) -> None:
    repository.add_function("list_dragons", handler=f"import boto3, http.client\n{source}\n{HANDLER}")
    assert repository.build() == 0
    assert kept(repository) == services


def test_another_functions_client_changes_the_layer(repository: Repository) -> None:
    repository.add_function("list_dragons")
    repository.build()
    before = repository.manifest["layers"]["shared"]["content_digest"]
    late = "def handler(event, context):\n    import boto3\n    return boto3.client('sqs')\n"
    repository.add_function("list_dragons", handler=late)
    repository.build()
    assert kept(repository) == ["sqs", "sts"]
    assert repository.manifest["layers"]["shared"]["content_digest"] != before


def test_a_service_that_only_shows_when_it_runs_has_to_be_named(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.add_function("list_dragons", handler=f"import boto3\nboto3.client(str(1))\n{HANDLER}")
    assert repository.build() == 1
    assert capsys.readouterr().err == (
        "error: functions/list_dragons/handler.py:2: makes a client of a service that only shows when it "
        "runs; name it as text, or name all that it may be in the services.txt of a layer\n"
    )
    repository.write(f"{LAYER}/services.txt", "s3  # either\nsqs\n")
    assert repository.build() == 0
    assert kept(repository) == ["s3", "sqs", "sts"]
