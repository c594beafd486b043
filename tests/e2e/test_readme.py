"""The README's commands answer as the README shows."""

import os
import re
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import requests

from support.people import new_email
from support.system import Api, poll

ROOT = Path(__file__).parents[2]
DRAGON = "Emberlynn"
SETTINGS = """
json='Content-Type: application/x-amz-json-1.1' do='X-Amz-Target: AWSCognitoIdentityProviderService'
"""
TOKEN = 'token=$(make -s token USER="$email" PASSWORD=Scales-and-fire-1)'


def shown() -> list[tuple[str, str]]:
    """The README's curl commands, each with the answer that it shows."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    console = re.findall(r"^```console\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = [line for block in console for line in block.splitlines()]
    return [
        (line.removeprefix("$ "), answer) for line, answer in pairwise(lines) if line.startswith("$ curl")
    ]


@pytest.fixture
def _without_the_dragon(outputs: dict[str, Any], aws: Callable[[str], Any], api: Api) -> Iterator[None]:
    def remove() -> None:
        key = {"dragon_name_str": {"S": DRAGON}}
        aws("dynamodb").delete_item(TableName=outputs["dragons_table"], Key=key)

    remove()
    poll(lambda: True if not api.listed(dragonName=DRAGON) else None, f"{DRAGON} to leave")
    yield
    remove()


@pytest.fixture
def shell(outputs: dict[str, Any], aws: Callable[[str], Any], tmp_path: Path) -> Iterator[dict[str, str]]:
    """What the README's shell knows, with `make` signing in to the system under test."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if endpoint is None:
        pytest.skip("the README shows the local cloud")
    client = {"UserPoolId": outputs["user_pool_id"], "ClientId": outputs["user_pool_client_id"]}
    flows = aws("cognito-idp").describe_user_pool_client(**client)["UserPoolClient"]["ExplicitAuthFlows"]
    if "ALLOW_USER_PASSWORD_AUTH" not in flows:
        pytest.skip("the README signs in by password, which the environment does not allow")
    make = tmp_path / "make"
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    (tmp_path / "issue.py").write_text(
        "import boto3, sys\nfrom tasks.token import issue\n"
        f"cognito = boto3.client('cognito-idp', endpoint_url={endpoint!r}, **{keys})\n"
        f"print(issue(cognito, {outputs}, *sys.argv[1:]))\n"
    )
    make.write_text(
        'for word in "$@"; do case $word in *=*) export "$word";; esac; done\n'
        f"PYTHONPATH={ROOT} exec {sys.executable} {tmp_path}/issue.py $USER ${{KIND:-id}}\n"
    )
    make.chmod(0o755)
    email = new_email()
    yield {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "api": outputs["rest_api_url"],
        "http": outputs["http_api_url"],
        "client": outputs["user_pool_client_id"],
        "cloud": endpoint,
        "email": email,
    }
    aws("cognito-idp").admin_delete_user(UserPoolId=outputs["user_pool_id"], Username=email)


@pytest.mark.usefixtures("_without_the_dragon")
def test_every_command_answers_as_shown(shell: dict[str, str]) -> None:
    commands = shown()
    assert len(commands) >= 8
    known = {
        "ann@example.org": shell["email"],
        "first-sighting": f"e2e-{uuid.uuid4().hex}",  # the README's own may have been used by hand
        "a***@e***": "e***@e***",
    }
    for command, answer in commands:
        if "123456" in command:
            known["123456"] = code_sent_to(shell)
        pattern = ".*".join(re.escape(part) for part in replaced(answer, known).split("..."))
        check = partial(_answers, replaced(command, known), pattern, shell)
        if " -d " in command:
            assert check(), f"{command} did not answer {answer}"
        else:
            poll(check, f"{command} to answer {answer}", seconds=30)


def replaced(text: str, known: dict[str, str]) -> str:
    for shown_here, here in known.items():
        text = text.replace(shown_here, here)
    return text


def code_sent_to(shell: dict[str, str]) -> str:
    where = f"{shell['cloud']}/_aws/cognito-idp/messages"
    messages = requests.get(where, params={"destination": shell["email"]}, timeout=30).json()["messages"]
    return str(messages[-1]["code"])


def _answers(command: str, pattern: str, shell: dict[str, str]) -> bool | None:
    quiet = command.replace("curl", "curl --silent --show-error", 1)
    script = [SETTINGS, TOKEN, quiet] if "$token" in command else [SETTINGS, quiet]
    done = subprocess.run(
        ["bash", "-c", "\n".join(script)],
        cwd=ROOT,
        env=os.environ | shell,
        capture_output=True,
        text=True,
        check=True,
    )
    return True if re.fullmatch(pattern, done.stdout.strip(), re.DOTALL) else None
