"""GitHub's files: valid by GitHub's own schemas, with actions pinned by commit and the least permissions."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

GITHUB = Path(__file__).parents[2] / ".github"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
FORMS = [path for path in sorted(GITHUB.glob("ISSUE_TEMPLATE/*.yml")) if path.name != "config.yml"]
USES = re.compile(r"uses: *(\S+)(.*)")


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", WORKFLOWS),
        ("github-issue-forms", FORMS),
        ("github-issue-config", [GITHUB / "ISSUE_TEMPLATE/config.yml"]),
        ("dependabot", [GITHUB / "dependabot.yml"]),
    ],
)
def test_a_file_is_as_github_reads_it(schema: str, files: list[Path]) -> None:
    check = Path(sys.executable).with_name("check-jsonschema")
    command: list[str | Path] = [check, "--builtin-schema", f"vendor.{schema}", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit_and_say_their_version(workflow: Path) -> None:
    found = USES.findall(workflow.read_text())
    assert found
    for action, comment in found:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", action)
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_read_and_no_more_unless_a_job_asks(workflow: Path) -> None:
    assert yaml.safe_load(workflow.read_text())["permissions"] == {"contents": "read"}


def test_the_hooks_are_the_checks_of_make_test() -> None:
    hooks = yaml.safe_load((GITHUB.parent / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert {hook["name"] for hook in hooks} >= {"ruff format", "ruff check", "types", "terraform fmt"}
    for tool in (".venv/bin/ruff format", ".venv/bin/ruff check", "support.type_check", "terraform fmt"):
        assert any(tool in hook["entry"] for hook in hooks)
