"""The root that is rehearsed: a copy of terraform/, in which override files give provider, backend and URLs.

Of the environment's own values two are replaced: the account, and `url_formats`, since AWS's lead to AWS.
Source: https://developer.hashicorp.com/terraform/language/files/override
"""

import re
import shutil
from pathlib import Path

from tasks.environment.paths import ENVIRONMENTS, ROOT, TERRAFORM
from tasks.environment.terraform import Root

_ACCOUNT = "000000000000"
_BACKEND = 'terraform {\n  backend "local" {}\n}\n'
_URL_FORMATS = re.compile(r"(?ms)^  url_formats = \{\n.*?^  \}\n")
_PROTECTED = re.compile(r"((?:protect_data|skip_destroy) +=) true")
_OWN = ("settings.tf", "backend.tf")


def copy_terraform(folder: Path) -> None:
    """Copy `terraform/` into a folder, without what Terraform keeps there."""
    ignored = shutil.ignore_patterns(".terraform*", "*.tfstate*", "backend.hcl", "tests")
    shutil.copytree(TERRAFORM, folder / "terraform", symlinks=True, ignore=ignored)


def rehearsed(folder: Path, name: str, endpoint: str) -> Root:
    """An environment of a copy, on a local cloud.

    Args:
        folder: Where `terraform/` was copied to.
        name: The environment's.
        endpoint: The URL of the cloud.
    """
    where, local = folder / "terraform" / "environments" / name, ENVIRONMENTS / "local"
    shutil.copy(local / "providers.tf", where / "providers_override.tf")
    shutil.copy(local / "endpoint.tf", where)
    (where / "backend_override.tf").write_text(_BACKEND)
    (where / "backend.hcl.example").unlink(missing_ok=True)  # a local backend wants none
    [formats] = _URL_FORMATS.findall((local / "settings.tf").read_text())
    (where / "settings_override.tf").write_text(f'locals {{\n  account_id = "{_ACCOUNT}"\n{formats}}}\n')
    inputs = {"endpoint": endpoint, "repository_root": str(ROOT), "placeholder_domains": "ignore"}
    return Root(where, folder / f"{name}.data", folder / f"{name}.tfstate", inputs)


def copy_environment(folder: Path, name: str, other: str) -> None:
    """Make another environment of one, as docs/environments.md says."""
    environments = folder / "terraform" / "environments"
    shutil.copytree(environments / name, environments / other, symlinks=True)
    for own in _OWN:
        path = environments / other / own
        path.write_text(path.read_text().replace(name, other))


def protects(root: Root) -> bool:
    """Whether its data may not be destroyed, or its functions at the edge would stay."""
    return _PROTECTED.search((root.folder / "settings.tf").read_text()) is not None


def unprotect(root: Root) -> None:
    """Let all of it be destroyed, as docs/runbook.md says: an apply has to follow."""
    settings = root.folder / "settings.tf"
    settings.write_text(_PROTECTED.sub(r"\1 false", settings.read_text()))
