"""Environments share all but their values: a new one is a copy of the links, and two files to edit."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from support.provider import running_provider
from tasks.environment import terraform, variables
from tasks.environment.paths import ENVIRONMENTS, ROOT

SHARED = ENVIRONMENTS / "root"
NAMES = sorted(path.name for path in ENVIRONMENTS.iterdir() if path.is_dir() and path != SHARED)
OWN = {"backend.tf", "settings.tf", "tests"}


def terraform_in(folder: Path, env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = ["terraform", f"-chdir={folder}", *words, "-no-color"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.mark.parametrize("name", NAMES)
def test_what_environments_share_is_linked(name: str) -> None:
    folder = ENVIRONMENTS / name
    for shared in ("checks.tf", "main.tf", "outputs.tf", "variables.tf", "versions.tf"):
        assert (folder / shared).is_symlink()
        assert (folder / shared).resolve() == SHARED / shared


def test_what_an_environment_on_aws_has_of_its_own_is_values_and_where_its_state_is() -> None:
    files = [path for path in (ENVIRONMENTS / "dev").iterdir() if not path.name.startswith(".")]
    assert {path.name for path in files if not path.is_symlink()} - {"backend.hcl"} == OWN


@pytest.mark.parametrize("name", NAMES)
def test_an_environment_names_its_account_and_acts_in_no_other(name: str) -> None:
    [account] = re.findall(
        r'^  account_id += "(.*?)"', (ENVIRONMENTS / name / "settings.tf").read_text(), re.M
    )
    assert re.fullmatch(r"\d{12}", account) or not account  # an empty one is to be filled in, and allows none
    provider = (ENVIRONMENTS / name / "providers.tf").read_text()
    # the provider takes an empty text for no restriction at all
    assert 'allowed_account_ids = [coalesce(local.account_id, "none is named")]' in provider


def test_a_new_environment_is_a_copy_with_two_files_edited(tmp_path: Path) -> None:
    for name in ("terraform", "shared/dragons/schemas", "dist"):
        ignored = shutil.ignore_patterns(".terraform*", "terraform.tfstate*", "backend.hcl")
        shutil.copytree(ROOT / name, tmp_path / name, symlinks=True, ignore=ignored)
    made = tmp_path / "terraform" / "environments" / "stage"
    shutil.copytree(made.with_name("dev"), made, symlinks=True)
    for name in ("settings.tf", "backend.tf"):
        text = (made / name).read_text()
        assert "dev" in text
        (made / name).write_text(text.replace("dev", "stage"))
    env = terraform.settings(tmp_path / "data", variables.for_downloads() | variables.for_local_cloud())
    terraform_in(made, env, "init", "-backend=false")
    with running_provider(tmp_path / "data") as provider:
        done = terraform_in(made, env | provider, "test")
    assert "1 passed, 0 failed" in done.stdout
    assert "Warning" not in done.stdout


@pytest.mark.parametrize(
    ("lists", "named"),
    [
        ('callback_urls = ["https://dev.dragons.example/callback"], logout_urls = []', ""),
        ("callback_urls = [], logout_urls = []", 'aliases = ["dragons.example"]'),
    ],
)
def test_plain_terraform_warns_of_placeholders(tmp_path: Path, lists: str, named: str) -> None:
    shutil.copy(SHARED / "checks.tf", tmp_path)
    (tmp_path / "main.tf").write_text(
        f"locals {{\n  allowed_origins = []\n  sign_in = {{ {lists} }}\n  edge = {{ {named} }}\n}}\n"
    )
    env = terraform.settings(tmp_path / "data", variables.for_local_cloud())
    for words, warned in (["plan"], True), (["plan", "-var=placeholder_domains=ignore"], False):
        done = terraform_in(tmp_path, env, *words)
        assert (
            "settings.tf still names domains that end with .example" in done.stdout + done.stderr
        ) is warned


def test_links_point_nowhere_else() -> None:
    links = [path for path in ENVIRONMENTS.rglob("*") if path.is_symlink() and ".terraform" not in path.parts]
    assert links
    for link in links:
        assert not link.readlink().is_absolute()
        assert link.resolve().is_relative_to(SHARED)
