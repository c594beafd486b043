"""An environment in memory, as a release sees it: functions, parameters, the stage, and Terraform's apply."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from tasks.rollout.actions import Release
from tasks.rollout.aliases import FunctionAliases
from tasks.rollout.parameters import ReleaseParameters
from tasks.rollout.stage import Stage
from unit.tasks.fake_lambda import FakeLambda

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
    """An environment that was applied once."""

    def __init__(self) -> None:
        self.functions = FakeLambda()
        self.ssm = FakeSsm()
        self.gateway = FakeGateway()
        self._planned = 0
        self._release = ""
        self._kill_in: int | None = None
        for client, write in [
            (self.ssm, "put_parameter"),
            (self.ssm, "delete_parameters"),
            (self.functions, "update_alias"),
            (self.gateway, "update_stage"),
        ]:
            setattr(client, write, self._mortal(getattr(client, write)))
        self.apply(fresh=True)

    def release(self, *names: str) -> Release:
        """The commands, on the environment as it is now.

        Args:
            names: The functions that they are about (default: all).
        """
        client: Any = self.functions
        ssm: Any = self.ssm
        gateway: Any = self.gateway
        functions = self.functions.functions
        aliases = FunctionAliases(client, {name: functions[name] for name in names or functions})
        return Release(aliases, ReleaseParameters(ssm, PATH), Stage(gateway, *STAGE.values()))

    def run(self, action: str, *arguments: Any) -> list[str]:
        """Run a command."""
        release = self.release(arguments[0]) if action == "shift" else self.release()
        printed: str = getattr(release, action)(*arguments)
        return printed.splitlines()

    def apply(self, *changed: str, fresh: bool = False, reached: int = 100) -> None:
        """What `terraform apply` does; new code makes it another release, and it may break off midway.

        Args:
            changed: The functions with new code.
            fresh: Whether it is another release all the same.
            reached: How many functions it gets to.
        """
        if changed or fresh:
            self._planned += 1
            self._release = f"2026-01-01T00:00:{self._planned:02}Z"
        self.functions.publish(*changed)
        for arn in list(self.functions.versions)[:reached]:
            for alias, wanted in self._wanted(arn).items():
                if self.functions.state()[arn, alias] != wanted:
                    self.functions.point(arn, alias, *wanted)
            self._log(arn)
        if reached == 100:
            self.gateway.percent = self._share() or None

    def changes(self) -> dict[Any, tuple[Any, Any]]:
        """What a plan of the same code would change: what is there, and what should be."""
        there: dict[Any, Any] = {"stage": self.gateway.percent or 0.0}
        wanted: dict[Any, Any] = {"stage": self._share()}
        for arn in self.functions.versions:
            for alias, goal in self._wanted(arn).items():
                there[arn, alias] = self.functions.state()[arn, alias]
                wanted[arn, alias] = goal
            there[arn, "log"] = self.ssm.values.get(self._log_name(arn))
            wanted[arn, "log"] = self._log_value(arn)
        return {key: (there[key], wanted[key]) for key in wanted if there[key] != wanted[key]}

    def kill_in(self, writes: int | None) -> None:
        """Let the writes of commands go that far and no further."""
        self._kill_in = writes

    def weights(self) -> dict[str, dict[str, float]]:
        """The functions whose `live` sends some callers to another version, and to which."""
        found = {arn.rpartition("-")[2]: self.functions.weights(arn) for arn in self.functions.versions}
        return {name: weights for name, weights in found.items() if weights}

    @property
    def newest(self) -> Versions:
        return {arn.rpartition("-")[2]: max(all_) for arn, all_ in self.functions.versions.items()}

    def _share(self) -> float:
        return float(self.ssm.below("canary").get("percent", 0))

    def _wanted(self, arn: str) -> dict[str, tuple[str, dict[str, float]]]:
        """What `terraform/modules/function/alias.tf` says: each alias's version, and its routing."""
        name, newest = arn.rpartition("-")[2], str(max(self.functions.versions[arn]))
        pin, shift = self.ssm.below("pins").get(name), self.ssm.below("shifts").get(name)
        live, weights = pin or newest, {}
        if shift and not pin:
            live, percent = json.loads(shift)["held"], json.loads(shift)["percent"]
            weights = {newest: percent / 100} if percent > 0 else {}
        return {"live": (live, weights), "canary": (newest if self._share() > 0 else live, {})}

    def _log(self, arn: str) -> None:
        name, value = self._log_name(arn), self._log_value(arn)
        if self.ssm.values.get(name) != value:
            self.ssm.histories.setdefault(name, []).append(value)

    def _log_name(self, arn: str) -> str:
        return f"{PATH}/live/{arn.rpartition('-')[2]}"

    def _log_value(self, arn: str) -> str:
        return f'{{"release":"{self._release}","version":"{self._wanted(arn)["live"][0]}"}}'

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
