"""Terraform, run without a terminal: where its provider comes from, and the commands we use."""

import json
import os
import platform
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from localcloud.paths import ENVIRONMENTS, LOCAL
from localcloud.steps import StepError, run
from localcloud.tools import find_terraform

MIRROR_VARIABLE = "DRAGONS_PROVIDER_MIRROR"
_PROVIDER = "registry.terraform.io/hashicorp/aws"
_SYSTEM_ROOTS = ("/opt", "/usr/local/share", "/usr/local/lib", "/usr/share", "/usr/lib", "/var/lib")


@dataclass(frozen=True)
class Root:
    """A root module with a place for Terraform's own data and, if not beside it, for its state."""

    folder: Path
    data: Path
    state: Path | None = None
    variables: dict[str, str] = field(default_factory=dict)

    def init(self) -> None:
        """Install the provider and the modules; the backend too, where there is one."""
        backend = self.folder / "backend.hcl"
        chosen = [f"-backend-config={backend}"] if backend.is_file() else []
        self._run("init", "-input=false", *chosen, remedy="mend it and run it again")

    def apply(self) -> str:
        """Apply, and return what Terraform printed.

        Raises:
            StepError: It failed; what was created by then is in the state, so it can be run again.
        """
        return self._run(
            "apply", "-input=false", "-auto-approve", *self._arguments(), remedy="mend it and run it again"
        )

    def hand_over(self, *words: str) -> None:
        """Run a command on this terminal, so that Terraform can ask before it acts.

        Raises:
            StepError: It failed, and has said why.
        """
        command = self._command(*words, *self._arguments())
        if subprocess.run(command, env=settings(self.data), check=False).returncode != 0:
            raise StepError(f"terraform {words[0]} failed", "mend what it says above and run it again")

    def outputs(self) -> dict[str, Any]:
        """The root's outputs, by name."""
        where = [f"-state={self.state}"] if self.state else []
        found = json.loads(self._run("output", "-json", *where))
        return {name: output["value"] for name, output in found.items()}

    def discard_state(self) -> None:
        """Forget what was deployed, because it is gone."""
        state = self.state or self.folder / "terraform.tfstate"
        for suffix in ("", ".backup"):
            state.with_name(state.name + suffix).unlink(missing_ok=True)

    def _arguments(self) -> list[str]:
        where = [f"-state={self.state}"] if self.state else []
        return where + [f"-var={name}={value}" for name, value in self.variables.items()]

    def _run(self, *words: str, remedy: str = "") -> str:
        command = self._command(words[0], "-no-color", *words[1:])
        return run(command, env=settings(self.data), remedy=remedy)

    def _command(self, *words: str) -> list[str]:
        return [find_terraform(), f"-chdir={self.folder}", *words]


def environment(name: str) -> Root:
    """The root of an environment, with its data and state where a plain `terraform -chdir` looks.

    Raises:
        StepError: There is no such environment.
    """
    known = sorted(each.name for each in ENVIRONMENTS.iterdir() if each.is_dir())
    if name not in known:
        raise StepError(f"ENV={name} is no environment: choose one of {', '.join(known)}")
    return Root(ENVIRONMENTS / name, ENVIRONMENTS / name / ".terraform")


def settings(data: Path) -> dict[str, str]:
    """Terraform's environment variables.

    Args:
        data: Where it keeps providers and modules of one root.
    """
    config = LOCAL / "terraform.rc"
    chosen = dict(os.environ) | {
        "TF_DATA_DIR": str(data),
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
    }
    if Path(os.environ.get("TF_CLI_CONFIG_FILE", "/")).is_file():
        return chosen  # the user's own word on where providers come from
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
