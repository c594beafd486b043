"""Terraform, run without a terminal: where its provider comes from, and the commands we use."""

import json
import os
import platform
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from tasks.environment import refusals, variables
from tasks.environment.paths import ENVIRONMENTS, LOCAL, ROOT
from tasks.environment.tools import find_terraform
from tasks.processes import children
from tasks.processes.steps import StepError, run

MIRROR_VARIABLE = "DRAGONS_PROVIDER_MIRROR"
_SHARED = "root"  # what the environments share is linked into each
_GARBAGE_PERCENT = "400"  # a quarter less to compute than with Go's 100, mostly on the provider's schema
_AT_ONCE = 50  # on many a resource the provider sleeps 5 to 25 s; Terraform's 10 is for AWS, which throttles
_CHANGES = 2  # https://developer.hashicorp.com/terraform/cli/commands/plan#detailed-exitcode
_FIX = "fix what Terraform says above, and run it again"
_PROVIDER = "registry.terraform.io/hashicorp/aws"
_SYSTEM_ROOTS = ("/opt", "/usr/local/share", "/usr/local/lib", "/usr/share", "/usr/lib", "/var/lib")


@dataclass(frozen=True)
class Root:
    """A root module with a place for Terraform's own data and, if not beside it, for its state.

    Attributes:
        folder: The module's.
        data: Where Terraform keeps providers and modules.
        state: The state's file (default: where the module's backend has it).
        variables: Inputs, as texts.
        on_aws: Whether it acts with the caller's own account and settings.
    """

    folder: Path
    data: Path
    state: Path | None = None
    variables: dict[str, str] = field(default_factory=dict)
    on_aws: bool = False

    def init(self) -> None:
        """Install the provider and the modules; the backend too, where there is one.

        Raises:
            StepError: It failed, or the backend is not described.
        """
        words = ["init", "-input=false"]
        if (self.folder / "backend.hcl.example").is_file():
            words.append(f"-backend-config={self._backend()}")
        self._run(*words, env=variables.for_downloads() | self._environment(), remedy=_FIX)

    def apply(self, *, auto_approve: bool) -> str:
        """Apply without a terminal, and return what Terraform printed.

        Args:
            auto_approve: Whether to go ahead unasked; nobody could be asked, so else nothing is applied.

        Raises:
            StepError: It failed; what was created by then is in the state, so it can be run again.
        """
        approved = ["-auto-approve"] if auto_approve else []
        return self._run("apply", "-input=false", *approved, *self._arguments(), remedy=_FIX)

    def destroy(self) -> None:
        """Destroy all of it, unasked.

        Raises:
            StepError: It failed; what is left is in the state, so it can be run again.
        """
        self._run("destroy", "-input=false", "-auto-approve", *self._arguments(), remedy=_FIX)

    def refresh(self) -> None:
        """Bring the state and its outputs up to date with what is deployed, and change nothing else.

        Raises:
            StepError: It failed; the next apply does it.
        """
        options = ["-refresh-only", "-input=false", "-auto-approve"]
        self._run("apply", *options, *self._arguments(), remedy="the next `make apply` does it")

    def take_over(self, address: str, identity: str) -> None:
        """Have the state hold what is deployed already; nothing to do where it does.

        Args:
            address: The resource's, in the configuration.
            identity: What the provider imports it by.

        Raises:
            StepError: It failed; the next apply does it.
        """
        where = [f"-state={self.state}"] if self.state else []
        if address not in self._run("state", "list", *where).splitlines():
            words = ["import", "-input=false", *self._arguments(), address, identity]
            self._run(*words, remedy="the next `make apply` does it")

    def plan_is_clean(self) -> bool:
        """Whether a plan finds nothing to change, outputs included.

        Raises:
            StepError: It failed.
        """
        try:
            self._run("plan", "-input=false", "-detailed-exitcode", *self._arguments())
        except StepError as error:
            if error.code != _CHANGES:
                raise
            return False
        return True

    def plan(self, file: Path, *options: str) -> bool:
        """Show on this terminal what is to change, and keep it for `apply_plan`.

        Args:
            file: Where to keep it; it holds secrets.
            options: Of `terraform plan`.

        Returns:
            Whether there is anything to change.

        Raises:
            StepError: It failed.
        """
        words = ["plan", "-input=false", f"-out={file}", "-detailed-exitcode", *options]
        return self._on_terminal(*words, *self._arguments(), good=(0, _CHANGES)) == _CHANGES

    def drift(self) -> str:
        """Compare what is deployed with the state, which stays as it is.

        Returns:
            What Terraform says of the differences; empty if there is none. Its exit code tells of some that
            it does not show: no tags, as planned, that the provider reads as an empty map of them.

        Raises:
            StepError: It failed.
        """
        said = self._run("plan", "-refresh-only", "-input=false", *self._arguments())
        return "" if "\nNo changes." in f"\n{said}" else said

    def apply_plan(self, file: Path) -> None:
        """Do what `plan` has shown, or nothing if that is no longer what there is to do.

        Raises:
            StepError: It failed; what was done by then is in the state, so another plan goes on from there.
        """
        self._on_terminal("apply", "-input=false", str(file))

    def hand_over(self, *words: str, foreground: bool = True) -> None:
        """Run a command on this terminal.

        Args:
            words: The command.
            foreground: Whether it is never killed, since only Terraform knows what it leaves.

        Raises:
            StepError: It failed, and has said why.
        """
        self._on_terminal(*words, *self._arguments(), foreground=foreground)

    def _on_terminal(self, *words: str, foreground: bool = True, good: tuple[int, ...] = (0,)) -> int:
        """Run a command with its output on this terminal; its errors are shown when it has ended."""
        env = settings(self.data, self._environment())
        with tempfile.TemporaryFile() as errors:
            try:
                code = children.run_to_end(
                    self._command(*words), foreground=foreground, env=env, stderr=errors
                )
            except children.Interrupted:
                sys.stderr.write(_read(errors))
                raise
            said = _read(errors)
        if code not in good:
            failed = StepError(
                f"terraform {words[0]} failed", "fix what it says above and run it again", said, code
            )
            raise self._explained(said, words[0], code) or failed
        sys.stderr.write(said)
        return code

    def outputs(self) -> dict[str, Any]:
        """The root's outputs, by name; of what was never applied, none.

        A state's file has them as `terraform output -json` prints them, after 4 s with the provider.
        """
        found = json.loads(self._run("output", "-json")) if self.on_aws else self._state().get("outputs", {})
        return {name: output["value"] for name, output in found.items()}

    @property
    def state_file(self) -> Path:
        """The state's file of a root on the local cloud."""
        return self.state or self.folder / "terraform.tfstate"

    def has_state(self) -> bool:
        """Whether there is a state that Terraform can read."""
        return "version" in self._state()

    def _state(self) -> dict[str, Any]:
        try:
            found = json.loads(self.state_file.read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def discard_state(self) -> None:
        """Forget what was deployed, because it is gone."""
        for suffix in ("", ".backup"):
            self.state_file.with_name(self.state_file.name + suffix).unlink(missing_ok=True)

    def _arguments(self) -> list[str]:
        where = [f"-state={self.state}"] if self.state else []
        at_once = [] if self.on_aws else [f"-parallelism={_AT_ONCE}"]
        return where + at_once + [f"-var={name}={value}" for name, value in self.variables.items()]

    def _backend(self) -> Path:
        """What says where the state is kept.

        Raises:
            StepError: It is missing, or still the example.
        """
        backend = self.folder / "backend.hcl"
        where = backend.relative_to(ROOT)
        if not backend.is_file():
            raise StepError(f"{where} is missing", f"`make bootstrap ENV={self.folder.name}` writes it")
        if "<" in re.sub("#.*", "", backend.read_text()):
            raise StepError(f"{where} still has a <...> of the example", "fill it in")
        return backend

    def _run(self, *words: str, env: dict[str, str] | None = None, remedy: str = "") -> str:
        command = self._command(words[0], *([] if words[0] == "state" else ["-no-color"]), *words[1:])
        try:
            return run(command, env=settings(self.data, env or self._environment()), remedy=remedy)
        except StepError as error:
            raise self._explained(error.detail, words[0], error.code) or error from error

    def _explained(self, said: str, command: str, code: int) -> StepError | None:
        return refusals.explained(said, self.folder.name, code=code, changes=command == "apply")

    def _environment(self) -> dict[str, str]:
        return variables.for_aws() if self.on_aws else variables.for_local_cloud()

    def _command(self, *words: str) -> list[str]:
        return [find_terraform(), f"-chdir={self.folder}", *words]


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def environment_root(name: str) -> Root:
    """The root of an environment, with its data and state where a plain `terraform -chdir` looks.

    Raises:
        StepError: There is no such environment.
    """
    known = sorted(each.name for each in ENVIRONMENTS.iterdir() if each.is_dir() and each.name != _SHARED)
    if name not in known:
        raise StepError(f"ENV={name} is not an environment: choose one of {', '.join(known)}")
    return Root(ENVIRONMENTS / name, ENVIRONMENTS / name / ".terraform", on_aws=name != "local")


def root_of_own_cloud(folder: Path, endpoint: str) -> Root:
    """The environment `local` on a cloud of its own, with its state in that cloud's folder."""
    data, state = LOCAL / "terraform" / folder.name, folder / "terraform.tfstate"
    return Root(ENVIRONMENTS / "local", data, state, {"endpoint": endpoint})


def settings(data: Path, env: dict[str, str]) -> dict[str, str]:
    """Terraform's environment variables.

    Args:
        data: Where it keeps providers and modules of one root.
        env: What it takes over. The user's own file on where providers come from stays theirs.
    """
    config = LOCAL / "terraform.rc"
    chosen = env | {
        "TF_DATA_DIR": str(data),
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
        "GOGC": _GARBAGE_PERCENT,
    }
    users = os.environ.get("TF_CLI_CONFIG_FILE", "")
    if Path(users).is_file():
        return chosen | {"TF_CLI_CONFIG_FILE": users}
    _write_config(config)
    return chosen | {"TF_CLI_CONFIG_FILE": str(config)}


def _write_config(config: Path) -> None:
    """Point Terraform at a mirror on this machine if there is one, else at the registry, once."""
    mirror = next(_mirrors(), None)
    if mirror is None:
        cache = LOCAL / "terraform-plugins"
        cache.mkdir(parents=True, exist_ok=True)
        text = f'plugin_cache_dir = "{cache}"\nplugin_cache_may_break_dependency_lock_file = true\n'
    else:
        text = (
            "provider_installation {\n"
            f'  filesystem_mirror {{\n    path    = "{mirror}"\n    include = ["{_PROVIDER}"]\n  }}\n'
            f'  direct {{\n    exclude = ["{_PROVIDER}"]\n  }}\n}}\n'
        )
    if not config.is_file() or config.read_text() != text:
        config.parent.mkdir(parents=True, exist_ok=True)
        whole = config.with_name(f"{config.name}.{threading.get_ident()}")
        whole.write_text(text)
        whole.replace(config)  # another Terraform may be reading


def _mirrors() -> Iterator[Path]:
    """Filesystem mirrors that hold the provider for this platform.

    Source: https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror
    """
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    target = f"{platform.system().lower()}_{machine}"
    named = os.environ.get(MIRROR_VARIABLE)
    if named:
        yield Path(named)
        return
    for root in _SYSTEM_ROOTS:
        for depth in ("", "*/", "*/*/"):
            for provider in Path(root).glob(f"{depth}{_PROVIDER}"):
                unpacked = list(provider.glob(f"*/{target}"))
                packed = list(provider.glob(f"terraform-provider-aws_*_{target}.zip"))
                if unpacked or packed:
                    yield provider.parents[2]
