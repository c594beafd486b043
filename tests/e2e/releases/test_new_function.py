"""`make new`: a function with a route is deployed, called, and gone again."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from support.people import Person
from support.under_test import applied_from
from tasks import new
from tasks.environment.terraform import Root

pytestmark = pytest.mark.release

ROOT = Path(__file__).parents[3]
COPIED = ["packager", "functions", "shared", "layers", "dist", "tests/fixtures"]


@pytest.fixture
def with_greet(tmp_path: Path) -> Iterator[Root]:
    """The root that the system under test was made from, with one function and one route more."""
    root = applied_from()
    ignored = shutil.ignore_patterns(".terraform*", "terraform.tfstate*", "__pycache__")
    for name in COPIED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copytree(root.folder.parents[1], tmp_path / "terraform", symlinks=True, ignore=ignored)
    shutil.copy(ROOT / "build.py", tmp_path)
    new.write(tmp_path, "greet", "GET /greetings/{name}")
    subprocess.run([sys.executable, tmp_path / "build.py"], check=True, capture_output=True)
    yield replace(
        root,
        folder=tmp_path / "terraform" / "environments" / root.folder.name,
        data=tmp_path / "data",
        variables=root.variables | {"repository_root": str(tmp_path)},
    )
    root.apply(auto_approve=True)


@pytest.mark.timeout(1800)  # five runs of Terraform
def test_a_new_function_answers_its_route(
    with_greet: Root, outputs: dict[str, Any], reporter: Person
) -> None:
    with_greet.init()
    with_greet.apply(auto_approve=True)
    url = f"{outputs['http_api_url']}/greetings/ann"
    assert requests.get(url, timeout=60).status_code == 401
    signed_in = {"Authorization": f"Bearer {reporter.tokens.access}"}
    response = requests.get(url, headers=signed_in, timeout=60)
    assert (response.status_code, response.json()) == (
        200,
        {"route": "GET /greetings/{name}", "path": {"name": "ann"}},
    )
    assert "greet" in with_greet.outputs()["functions"]
    assert with_greet.plan_is_clean()
