"""A release: Terraform alone deploys, and its plan is clean after a canary, a promotion and a rollback.

It applies new code to the system under test, and the old code again at its end.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from support.system import Api
from support.under_test import UnderTest, applied_from
from tasks.environment.terraform import Root
from tasks.rollout import around_apply
from tasks.rollout.actions import Release
from tasks.rollout.moves import ReleaseError

pytestmark = pytest.mark.release

ROOT = Path(__file__).parents[3]
SOURCES = ["build.py", "packager", "functions", "shared", "layers", "dist"]
REASON = "is not a filter of this route"
NEW_REASON = "is not a filter of the new version"


@pytest.fixture(scope="module")
def root() -> Root:
    """The root that the system under test was made from."""
    return applied_from()


@pytest.fixture
def changed(root: Root, tmp_path: Path) -> Root:
    """The same root with other code: `list_dragons` says another thing of an unknown filter."""
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    source = tmp_path / "functions" / "list_dragons" / "request.py"
    assert REASON in source.read_text()
    source.write_text(source.read_text().replace(REASON, NEW_REASON))
    subprocess.run([sys.executable, tmp_path / "build.py"], check=True, capture_output=True)
    return replace(root, variables=root.variables | {"repository_root": str(tmp_path)})


class Released:
    """What serves, by Lambda and by the REST API."""

    def __init__(self, outputs: dict[str, Any], aws: Callable[[str], Any], api: Api) -> None:
        self._functions = outputs["functions"]
        self._lambda = aws("lambda")
        self._gateway = aws("apigateway")
        self._api = api

    def live(self) -> dict[str, str]:
        """The version of each function that callers get."""
        return {name: self._version(arn) for name, arn in self._functions.items()}

    def executed(self) -> str:
        """The version that runs when `list_dragons` is called by its alias."""
        event = json.dumps({"queryStringParameters": {"colour": "red"}})
        answer = self._lambda.invoke(FunctionName=self._functions["list_dragons"], Payload=event)
        version: str = answer["ExecutedVersion"]
        return version

    def share_of_the_new_code(self, calls: int = 40) -> float:
        """How many of the REST API's calls the new code answers."""
        answers = [self._api.get("/dragons?colour=red").json() for _ in range(calls)]
        reasons = [answer["errors"][0]["reason"] for answer in answers]
        assert set(reasons) <= {REASON, NEW_REASON}
        return reasons.count(NEW_REASON) / calls

    def deployment(self) -> str:
        """The deployment of the REST API that its stage serves."""
        deployment: str = self._gateway.get_stage(**self._api.stage)["deploymentId"]
        return deployment

    def release(self) -> str:
        """The release that the REST API tells."""
        release: str = self._api.get("/status").json()["release"]
        return release

    def _version(self, arn: str) -> str:
        function, _, alias = arn.rpartition(":")
        version: str = self._lambda.get_alias(FunctionName=function, Name=alias)["FunctionVersion"]
        return version


@contextmanager
def applied_back(root: Root, outputs: dict[str, Any]) -> Iterator[None]:
    """Leave no pin, and the code of this repository."""
    try:
        yield
    finally:
        with suppress(ReleaseError):  # nothing is pinned
            around_apply.read(UnderTest.of(root), outputs).promote()
        root.apply(auto_approve=True)


@pytest.mark.timeout(900)  # seven runs of Terraform
def test_a_release_is_tried_promoted_and_rolled_back_and_every_plan_is_clean(
    root: Root, changed: Root, outputs: dict[str, Any], aws: Callable[[str], Any], api: Api
) -> None:
    released, environment = Released(outputs, aws, api), UnderTest.of(changed)
    before, release, deployment = released.live(), released.release(), released.deployment()
    with applied_back(root, outputs):
        with around_apply.canary("50", environment):
            changed.apply(auto_approve=True)
        assert released.live() == changed.outputs()["pinned"] == before
        assert released.release() != release  # by the stage's variable:
        assert released.deployment() == deployment  # while there is a canary, AWS takes no other
        # 200 calls at one half: 60 to 140 but for a chance of one in a hundred million
        assert 0.3 <= released.share_of_the_new_code(200) <= 0.7
        assert changed.plan_is_clean()

        around_apply.move(environment, Release.promote)
        promoted = released.live()
        assert {name for name in before if promoted[name] != before[name]} == {"list_dragons"}
        assert released.share_of_the_new_code() == 1
        assert changed.plan_is_clean()

        around_apply.move(environment, Release.rollback)
        assert released.live() == before
        assert released.share_of_the_new_code() == 0
        assert "No changes." in changed.apply(auto_approve=True)  # what a plan would say; the pins stay
        assert changed.outputs()["pinned"] == before
    # An apply of the code of before, and nothing else, has put it live as another version.
    assert root.outputs()["pinned"] == {}
    assert int(released.live()["list_dragons"]) > int(promoted["list_dragons"])
    assert released.executed() == released.live()["list_dragons"]
    assert released.share_of_the_new_code() == 0
    assert (released.release(), released.deployment()) == (release, deployment)
