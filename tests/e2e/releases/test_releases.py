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

from support.system import Api, Make, poll
from support.under_test import UnderTest, applied_from
from tasks.code.named import with_alias
from tasks.environment.terraform import Root
from tasks.rollout import around_apply
from tasks.rollout.actions import Release
from tasks.rollout.moves import ReleaseError

pytestmark = pytest.mark.release

ROOT = Path(__file__).parents[3]
SOURCES = ["build.py", "packager", "functions", "shared", "layers", "dist"]
REASON = "is not a filter of this route"
NEW_REASON = "is not a filter of the new version"
DEFINITION = "terraform/system/workflows/report_dragon.asl.json.tftpl"
COMMENT = "Validates a report, "
NEW_COMMENT = "Validates a new report, "


@pytest.fixture(scope="module")
def root() -> Root:
    """The root that the system under test was made from."""
    return applied_from()


@pytest.fixture
def changed(root: Root, tmp_path: Path) -> Root:
    """The same root with other code and another definition: `list_dragons` and `report_dragon` differ."""
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    ignored = shutil.ignore_patterns(".terraform*", "terraform.tfstate*")
    shutil.copytree(root.folder.parents[1], tmp_path / "terraform", symlinks=True, ignore=ignored)
    edit(tmp_path / "functions" / "list_dragons" / "request.py", REASON, NEW_REASON)
    edit(tmp_path / DEFINITION, COMMENT, NEW_COMMENT)
    subprocess.run([sys.executable, tmp_path / "build.py"], check=True, capture_output=True)
    made = replace(
        root,
        folder=tmp_path / "terraform" / "environments" / root.folder.name,
        data=tmp_path / "data",
        variables=root.variables | {"repository_root": str(tmp_path)},
    )
    made.init()
    return made


def edit(path: Path, old: str, new: str) -> None:
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


class Released:
    """What serves, by Lambda, by Step Functions and by the REST API."""

    def __init__(self, outputs: dict[str, Any], aws: Callable[[str], Any], api: Api, make: Make) -> None:
        self._functions = with_alias(outputs["functions"])
        self._machines = outputs["state_machines"]
        self._lambda = aws("lambda")
        self._steps = aws("stepfunctions")
        self._gateway = aws("apigateway")
        self._api = api
        self._make_report = make

    def live(self) -> dict[str, str]:
        """The version of each function that callers get."""
        return {name: self._version(arn) for name, arn in self._functions.items()}

    def live_machines(self) -> dict[str, str]:
        """The version of each state machine that callers start."""
        return {name: self._machine_version(arn) for name, arn in self._machines.items()}

    def report_taken_by(self) -> str:
        """The version of `report_dragon` that takes a report of the REST API's."""
        report_id = self._api.taken(self._make_report())
        assert self._api.outcome(report_id)["status"] == "SUCCEEDED"
        executions = self._machines["report_dragon"].replace(":stateMachine:", ":execution:")
        found = self._steps.describe_execution(executionArn=f"{executions}:{report_id}")
        version: str = found["stateMachineVersionArn"].rpartition(":")[2]
        return version

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

    def _machine_version(self, arn: str) -> str:
        alias = self._steps.describe_state_machine_alias(stateMachineAliasArn=f"{arn}:live")
        [route] = alias["routingConfiguration"]
        version: str = route["stateMachineVersionArn"].rpartition(":")[2]
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


@pytest.mark.timeout(1800)  # seven runs of Terraform
def test_a_release_is_tried_promoted_and_rolled_back_and_every_plan_is_clean(
    root: Root,
    changed: Root,
    outputs: dict[str, Any],
    aws: Callable[[str], Any],
    api: Api,
    make_report: Make,
) -> None:
    released, environment = Released(outputs, aws, api, make_report), UnderTest.of(changed)
    before, release, deployment = released.live(), released.release(), released.deployment()
    machines = released.live_machines()
    assert released.report_taken_by() == machines["report_dragon"]
    with applied_back(root, outputs):
        with around_apply.canary("50", environment):
            changed.apply(auto_approve=True)
        assert released.live() == changed.outputs()["pinned"] == before
        assert released.live_machines() == changed.outputs()["pinned_state_machines"] == machines
        assert released.release() != release  # by the stage's variable:
        assert released.deployment() == deployment  # while there is a canary, AWS takes no other
        # 200 calls at one half: 60 to 140 but for a chance of one in a hundred million
        assert 0.3 <= released.share_of_the_new_code(200) <= 0.7
        taken_by: set[str] = set()

        def both_take_reports() -> bool | None:
            taken_by.add(released.report_taken_by())
            return len(taken_by) == 2 or None

        poll(both_take_reports, "a report that the new definition takes, and one that it does not", pause=0)
        assert machines["report_dragon"] in taken_by
        assert {api.get("/dragons/summary").status_code for _ in range(10)} == {200}
        assert changed.plan_is_clean()

        around_apply.move(environment, Release.promote)
        promoted = released.live()
        assert {name for name in before if promoted[name] != before[name]} == {"list_dragons"}
        assert released.share_of_the_new_code() == 1
        [new] = taken_by - {machines["report_dragon"]}
        assert released.live_machines() == machines | {"report_dragon": new}
        assert released.report_taken_by() == new
        assert changed.plan_is_clean()

        around_apply.move(environment, Release.rollback)
        assert released.live() == before
        assert released.share_of_the_new_code() == 0
        assert released.live_machines() == machines
        assert released.report_taken_by() == machines["report_dragon"]
        assert "No changes." in changed.apply(auto_approve=True)  # what a plan would say; the pins stay
        assert changed.outputs()["pinned"] == before
    # An apply of the code of before, and nothing else, has put it live as another version.
    assert root.outputs()["pinned"] == root.outputs()["pinned_state_machines"] == {}
    assert int(released.live_machines()["report_dragon"]) > int(new)
    assert int(released.live()["list_dragons"]) > int(promoted["list_dragons"])
    assert released.executed() == released.live()["list_dragons"]
    assert released.share_of_the_new_code() == 0
    assert (released.release(), released.deployment()) == (release, deployment)
