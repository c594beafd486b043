"""The environment that a target is about: its root module, its outputs, and where its services are."""

import os
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tasks.environment import terraform, tools, variables
from tasks.environment.cloud import DEFAULT_PORT, Cloud
from tasks.environment.paths import DEV_PYTHON, ENVIRONMENTS, ROOT
from tasks.environment.settings_file import SettingsFile
from tasks.processes.steps import StepError

NEEDED = {
    "canary_percent",
    "dead_letter_queues",
    "dragons_table",
    "event_bus",
    "functions",
    "halted",
    "hosted_ui_url",
    "parameter_path",
    "partners_table",
    "partners_usage_plan_id",
    "pinned",
    "pinned_state_machines",
    "queues",
    "report_dragon_arn",
    "rest_api_id",
    "rest_api_stage",
    "rest_api_url",
    "state_machines",
    "user_pool_client_id",
    "user_pool_id",
}
"""The Terraform outputs that targets need."""

_INVOCATION_SECONDS = 910


@dataclass(frozen=True)
class Environment:
    """An environment of terraform/environments.

    Attributes:
        name: Its folder's.
        port: Where the local cloud listens, or would.
    """

    name: str
    port: int = DEFAULT_PORT

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine's local cloud; the others are on AWS."""
        return self.name == "local"

    @property
    def cloud(self) -> Cloud:
        """The local cloud of this checkout."""
        return Cloud(self.port)

    @property
    def endpoint(self) -> str | None:
        """The URL of the local cloud's services; none for AWS itself."""
        return self.cloud.endpoint if self.is_local else None

    @property
    def root(self) -> terraform.Root:
        """Its root module, with the inputs that the command line gives it."""
        root = terraform.environment_root(self.name)
        if self.is_local and self.port != DEFAULT_PORT:
            root.variables["endpoint"] = self.cloud.endpoint
        return root

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables of what talks to its services."""
        return variables.for_local_cloud() if self.is_local else variables.for_aws()

    def require_cloud(self) -> None:
        """Make sure that the local cloud runs, where the environment is on it.

        Raises:
            StepError: It does not.
        """
        if self.is_local and not self.cloud.running():
            raise StepError(f"the local cloud is not running on port {self.port}", "make up")

    def outputs(self) -> dict[str, Any]:
        """Its Terraform outputs, from whichever machine it was deployed; they are read once.

        Raises:
            StepError: It is not deployed.
        """
        return self._outputs

    @cached_property
    def _outputs(self) -> dict[str, Any]:
        self.require_cloud()
        if not self.is_local:  # whose state is a file at hand
            self.initialised_root()
        return self.deployed()

    def initialised_root(self) -> terraform.Root:
        """Its root, with provider and modules installed, which is done once.

        Raises:
            StepError: It failed, or the backend is not described.
        """
        return self._initialised_root

    @cached_property
    def _initialised_root(self) -> terraform.Root:
        self.root.init()
        return self.root

    def deployed(self) -> dict[str, Any]:
        """The outputs as they are now, of a root module that is initialised.

        Raises:
            StepError: It is not deployed.
        """
        outputs = self.root.outputs()
        if not outputs.keys() >= NEEDED:
            first = "make up" if self.is_local else f"make apply ENV={self.name}"
            raise StepError(f"{self.name} is not deployed, or was before this command existed", first)
        return outputs

    @property
    def settings(self) -> SettingsFile:
        """Its values, as far as they are needed before Terraform runs."""
        return SettingsFile(ENVIRONMENTS / self.name / "settings.tf")

    def client(self, service: str, region: str = "") -> Any:
        """A client of boto3; AWS itself wants the credentials of whoever runs the command.

        Args:
            service: Its name in boto3.
            region: Of AWS (default: the one that the environment is deployed in).
        """
        from botocore.config import Config

        from tasks.environment.credentials import session

        # An invocation may take 900 s, and one that is given up is made again.
        config = Config(read_timeout=_INVOCATION_SECONDS) if service == "lambda" else None
        region = region or region_of(self.outputs())
        with variables.exactly(self.variables):  # boto3 reads keys, profile and proxies when a client is made
            return session().client(  # type: ignore[call-overload]
                service, region_name=region, endpoint_url=self.endpoint, config=config
            )

    def enter_tools(self) -> None:
        """Go on in `.venv`, where boto3 is: the same command begins again there, under the same process id.

        Raises:
            StepError: The local cloud does not run, or the tools cannot be installed.
        """
        self.require_cloud()
        if sys.prefix == str(DEV_PYTHON.parents[1]):
            return
        tools.install("dev")
        os.chdir(ROOT)
        command = [str(DEV_PYTHON), "-m", "tasks", *sys.argv[1:]]
        env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        os.execve(DEV_PYTHON, command, env)  # noqa: S606 - no shell is meant


def region_of(outputs: dict[str, Any]) -> str:
    """The region that an environment's outputs name."""
    region: str = outputs["report_dragon_arn"].split(":")[3]
    return region
