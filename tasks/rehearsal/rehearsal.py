"""The rehearsal of an environment: what is done, in order, and what has to hold after each step."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from tasks.account import remains
from tasks.environment import variables
from tasks.environment.bring_up import bring_up
from tasks.environment.cloud import Cloud, free_port
from tasks.environment.cloud_settings import REQUEST_CONSTRAINTS
from tasks.environment.paths import LOCAL
from tasks.environment.pytest_run import run_pytest
from tasks.environment.terraform import Root
from tasks.processes.steps import StepError, step
from tasks.rehearsal import root as roots
from tasks.rehearsal.skips import require_known
from tasks.rollout.parameters import ReleaseParameters

SECOND = "second"
_NOT_THE_TESTS = ("Terraform", "AWS_Lambda")
"""What the user agents of Terraform and of the functions have, and those of the tests have not."""


@contextmanager
def rehearsal(name: str) -> Iterator["Rehearsal"]:
    """Prepare the rehearsal of an environment; in the end its cloud is stopped."""
    folder = LOCAL / "rehearsal" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[REQUEST_CONSTRAINTS] = str(folder / "constraints.jsonl")
    cloud = Cloud(free_port(), folder / "cloud")
    roots.copy_terraform(folder)
    try:
        yield Rehearsal(name, folder, cloud, roots.rehearsed(folder, name, cloud.endpoint))
    finally:
        cloud.stop()


@dataclass(frozen=True)
class Rehearsal:
    """The rehearsal of an environment.

    Attributes:
        name: The environment's.
        folder: Where its files are.
        cloud: A cloud of its own.
        root: The environment's root, on that cloud.
    """

    name: str
    folder: Path
    cloud: Cloud
    root: Root

    def run(self) -> None:
        """Do all of it.

        Raises:
            StepError: Something is not as it must be.
        """
        outputs, _ = bring_up(self.cloud, self.root)
        self._require_clean(self.root, "after the first apply")
        self._require_constraints()
        self._test(outputs)
        self._beside()
        self._destroy()
        self._require_constraints(*_NOT_THE_TESTS)

    def _test(self, outputs: dict[str, Any]) -> None:
        """Run the end-to-end suite, with new code, a canary, a promotion, a rollback and their plans."""
        report = self.folder / "e2e.xml"
        words = ["tests/e2e", "-p", "no:randomly", f"--junitxml={report}"]
        if not run_pytest(words, outputs, self.cloud.endpoint, self.cloud.log, self.root):
            raise StepError(f"the end-to-end tests fail with the values of {self.name}")
        require_known(report, self.name)

    def _beside(self) -> None:
        """Deploy a second environment to the same account; neither may disturb the other."""
        roots.copy_environment(self.folder, self.name, SECOND)
        second = roots.rehearsed(self.folder, SECOND, self.cloud.endpoint)
        with step("a second environment beside it"):
            second.init()
            second.apply(auto_approve=True)
        self._require_clean(second, "of the second environment")
        self._require_clean(self.root, "with a second environment beside it")
        with step("the second environment's end"):
            self._end(second)
        self._require_clean(self.root, "after the second environment's end")

    def _destroy(self) -> None:
        with step("terraform destroy"):
            self._end(self.root)
        left = [
            f"{kind} {name}"
            for kind, name in remains.find(self._client, self.name)
            if remains.DELETED_ON not in name
        ]
        if left:
            raise StepError("something is left after terraform destroy", detail="\n".join(left))

    def _end(self, root: Root) -> None:
        if roots.protects(root):
            roots.unprotect(root)
            root.apply(auto_approve=True)
        parameters = ReleaseParameters(self._client("ssm"), f"/dragons/{root.folder.name}")
        parameters.clear()  # as `make destroy` does
        root.destroy()

    def _require_clean(self, root: Root, when: str) -> None:
        with step(f"plan {when}"):
            if not root.plan_is_clean():
                raise StepError(f"a plan {when} is not clean", f"terraform -chdir={root.folder} plan")

    def _require_constraints(self, *agents: str) -> None:
        """Look at the requests so far, or at those of some clients: the tests send wrong ones on purpose."""
        found = self.folder / "constraints.jsonl"
        lines = found.read_text().splitlines() if found.exists() else []
        ours = [
            line
            for line in lines
            if not agents or any(agent in json.loads(line)["user_agent"] for agent in agents)
        ]
        if ours:
            raise StepError(
                "requests break the constraints of AWS's service models", "correct them", "\n".join(ours)
            )

    def _client(self, service: str) -> Any:
        with variables.exactly(variables.for_local_cloud()):
            return boto3.client(service, "us-east-1", endpoint_url=self.cloud.endpoint)  # type: ignore[call-overload]
