"""An environment in memory, as a release sees it: what is deployed, parameters, stage, Terraform's apply."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from tasks.rollout.actions import Release
from tasks.rollout.aliases import Deployed, DeployedAliases
from tasks.rollout.lambda_function import LambdaFunction
from tasks.rollout.parameters import ReleaseParameters
from tasks.rollout.stage import Stage
from tasks.rollout.state_machine import StateMachine
from unit.tasks.fake_aliases import FakeAliases, Updates
from unit.tasks.fake_lambda import NAMES, FakeLambda
from unit.tasks.fake_step_functions import MACHINES, FakeStepFunctions

PARTS = [*NAMES, *MACHINES]
PATH = "/dragons/unit"
STAGE = {"restApiId": "api", "stageName": "v1"}

Versions = dict[str, int]


class ParameterNotFound(ClientError):  # noqa: N818 - AWS's name
    """As SSM's client raises it."""


class FakeSsm:
    """Parameters with their histories."""

    class exceptions:  # noqa: N801 - as on a client
        """The client's own errors."""

        ParameterNotFound = ParameterNotFound

    def __init__(self) -> None:
        self.histories: dict[str, list[str]] = {}
        self.kept = 100

    @property
    def values(self) -> dict[str, str]:
        return {name: history[-1] for name, history in self.histories.items()}

    def below(self, folder: str) -> dict[str, str]:
        """The values of a folder, by the last part of their names."""
        path = f"{PATH}/{folder}/"
        return {name.removeprefix(path): v for name, v in self.values.items() if name.startswith(path)}

    def get_paginator(self, operation: str) -> Any:
        pages = {"get_parameters_by_path": self._by_path, "get_parameter_history": self._history}[operation]
        return type("Paginator", (), {"paginate": staticmethod(pages)})

    def put_parameter(self, Name: str, Value: str, Type: str, Overwrite: bool) -> None:
        assert (Type, Overwrite) == ("String", True)
        self.histories.setdefault(Name, []).append(Value)

    def delete_parameters(self, Names: list[str]) -> None:
        for name in Names:
            self.histories.pop(name, None)

    def _by_path(self, Path: str) -> Iterator[dict[str, Any]]:
        for name, value in self.below(Path.removeprefix(f"{PATH}/")).items():
            yield {"Parameters": [{"Name": f"{Path}/{name}", "Value": value}]}

    def _history(self, Name: str) -> Iterator[dict[str, Any]]:
        if Name not in self.histories:
            raise ParameterNotFound({}, "GetParameterHistory")
        for version, value in [*enumerate(self.histories[Name], 1)][-self.kept :]:
            yield {"Parameters": [{"Version": version, "Value": value}]}


class FakeGateway:
    """The stage, with or without a canary."""

    def __init__(self) -> None:
        self.percent: float | None = None

    def get_stage(self, **stage: str) -> dict[str, Any]:
        assert stage == STAGE
        return {} if self.percent is None else {"canarySettings": {"percentTraffic": self.percent}}

    def update_stage(self, patchOperations: list[dict[str, str]], **stage: str) -> None:
        assert stage == STAGE
        assert patchOperations == [{"op": "remove", "path": "/canarySettings"}]
        self.percent = None


class FakeEnvironment:
    """An environment that was applied once.

    Args:
        machines: The names of its state machines.
    """

    def __init__(self, machines: list[str] = MACHINES) -> None:
        self.updates = Updates()
        self.functions = FakeLambda(self.updates)
        self.machines = FakeStepFunctions(machines, self.updates)
        self.ssm = FakeSsm()
        self.gateway = FakeGateway()
        self._planned = 0
        self._release = ""
        self._kill_in: int | None = None
        for client, write in [
            (self.ssm, "put_parameter"),
            (self.ssm, "delete_parameters"),
            (self.functions, "update_alias"),
            (self.machines, "update_state_machine_alias"),
            (self.gateway, "update_stage"),
        ]:
            setattr(client, write, self._mortal(getattr(client, write)))
        self.apply(fresh=True)

    def release(self, *names: str) -> Release:
        """The commands, on the environment as it is now.

        Args:
            names: What they are about (default: all).
        """
        functions: Any = self.functions
        machines: Any = self.machines
        ssm: Any = self.ssm
        gateway: Any = self.gateway
        deployed: dict[str, Deployed] = {
            name: LambdaFunction(functions, arn) for name, arn in self.functions.arns.items()
        }
        deployed |= {name: StateMachine(machines, arn) for name, arn in self.machines.arns.items()}
        aliases = DeployedAliases({name: deployed[name] for name in names or deployed})
        return Release(aliases, ReleaseParameters(ssm, PATH), Stage(gateway, *STAGE.values()))

    def run(self, action: str, *arguments: Any) -> list[str]:
        """Run a command."""
        release = self.release(arguments[0]) if action == "shift" else self.release()
        printed: str = getattr(release, action)(*arguments)
        return printed.splitlines()

    def apply(self, *changed: str, fresh: bool = False, reached: int = 100) -> None:
        """What `terraform apply` does; new code makes it another release, and it may break off midway.

        Args:
            changed: The functions with new code, and the state machines with a new definition.
            fresh: Whether it is another release all the same.
            reached: How many of these it gets to.
        """
        if changed or fresh:
            self._planned += 1
            self._release = f"2026-01-01T00:00:{self._planned:02}Z"
        self.functions.publish(*(name for name in changed if name in self.functions.arns))
        self.machines.publish(*(name.rpartition("/")[2] for name in changed if name in self.machines.arns))
        for name in [*self._services][:reached]:
            service, arn = self._services[name]
            for alias, wanted in self._wanted(name).items():
                if service.state()[arn, alias] != wanted:
                    service.point(arn, alias, *wanted)
            self._log(name)
        if reached == 100:
            self.gateway.percent = self._share() or None

    def changes(self) -> dict[Any, tuple[Any, Any]]:
        """What a plan of the same code would change: what is there, and what should be."""
        there: dict[Any, Any] = {"stage": self.gateway.percent or 0.0}
        wanted: dict[Any, Any] = {"stage": self._share()}
        for name, (service, arn) in self._services.items():
            for alias, goal in self._wanted(name).items():
                there[name, alias] = service.state()[arn, alias]
                wanted[name, alias] = goal
            there[name, "log"] = self.ssm.values.get(self._parameter("live", name))
            wanted[name, "log"] = self._log_value(name)
        return {key: (there[key], wanted[key]) for key in wanted if there[key] != wanted[key]}

    def kill_in(self, writes: int | None) -> None:
        """Let the writes of commands go that far and no further."""
        self._kill_in = writes

    def weights(self) -> dict[str, dict[str, float]]:
        """Whose `live` sends some callers to another version, and to which."""
        found = {name: service.weights(arn) for name, (service, arn) in self._services.items()}
        return {name: weights for name, weights in found.items() if weights}

    def at(self, alias: str) -> Versions:
        """Where an alias of everything stands."""
        return self.functions.at(alias) | self.machines.at(alias)

    def state(self) -> dict[tuple[str, str], Any]:
        """All aliases."""
        return self.functions.state() | self.machines.state()

    @property
    def pins(self) -> dict[str, str]:
        """All pins."""
        machines = self.ssm.below("state_machines/pins")
        return self.ssm.below("pins") | {f"state_machines/{name}": each for name, each in machines.items()}

    @property
    def newest(self) -> Versions:
        return {name: max(service.versions[arn]) for name, (service, arn) in self._services.items()}

    @property
    def _services(self) -> dict[str, tuple[FakeAliases, str]]:
        services: list[FakeAliases] = [self.functions, self.machines]
        return {name: (each, arn) for each in services for name, arn in each.arns.items()}

    def _share(self) -> float:
        return float(self.ssm.below("canary").get("percent", 0))

    def _wanted(self, name: str) -> dict[str, tuple[str, dict[str, float]]]:
        """What `alias.tf` of the modules says: each alias's version, and its routing."""
        newest = str(self.newest[name])
        pin, shift = self.pins.get(name), self.ssm.below("shifts").get(name)
        live, weights = pin or newest, {}
        if shift and not pin:
            live, percent = json.loads(shift)["held"], json.loads(shift)["percent"]
            weights = {newest: percent / 100} if percent > 0 else {}
        return {"live": (live, weights), "canary": (newest if self._share() > 0 else live, {})}

    def _log(self, name: str) -> None:
        parameter, value = self._parameter("live", name), self._log_value(name)
        if self.ssm.values.get(parameter) != value:
            self.ssm.histories.setdefault(parameter, []).append(value)

    def _parameter(self, kind: str, name: str) -> str:
        """A parameter's name, as `releases.tf` and the modules have it."""
        if name in self.machines.arns:
            return f"{PATH}/state_machines/{kind}/{name.removeprefix('state_machines/')}"
        return f"{PATH}/{kind}/{name}"

    def _log_value(self, name: str) -> str:
        return f'{{"release":"{self._release}","version":"{self._wanted(name)["live"][0]}"}}'

    def _mortal(self, write: Callable[..., None]) -> Callable[..., None]:
        def wrapped(*words: Any, **request: Any) -> None:
            if self._kill_in == 0:
                raise Killed
            if self._kill_in is not None:
                self._kill_in -= 1
            write(*words, **request)

        return wrapped


class Killed(BaseException):
    """The process ends here: no `except` sees it."""
