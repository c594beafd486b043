"""GitHub's files: valid by GitHub's own schemas, with actions pinned by commit and the least permissions."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

GITHUB = Path(__file__).parents[2] / ".github"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
ACTIONS = sorted(GITHUB.glob("actions/*/action.yml"))
FORMS = [path for path in sorted(GITHUB.glob("ISSUE_TEMPLATE/*.yml")) if path.name != "config.yml"]
USES = re.compile(r"uses: *([^.\s]\S*)(.*)")  # not those of this repository


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", WORKFLOWS),
        ("github-actions", ACTIONS),
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


@pytest.mark.parametrize("workflow", [*WORKFLOWS, *ACTIONS], ids=lambda path: path.name)
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


@pytest.mark.parametrize("workflow", [*WORKFLOWS, *ACTIONS], ids=lambda path: path.name)
def test_expressions_name_contexts_that_there_are(workflow: Path) -> None:
    text = workflow.read_text()
    conditions = re.findall(r"(?m)^ *if: (?:>-\n)?((?:.*(?:&&|\|\|)\n)*.*)$", text)
    for expression in [*re.findall(r"\$\{\{(.*?)\}\}", text), *conditions]:
        assert expression.count("(") == expression.count(")")
        names = re.findall(r"(?<![\w.'*/-])([a-z]\w*)[.(]", re.sub(r"'[^']*'", "''", expression))
        assert set(names) <= {"github", "vars", "matrix", "steps", "always", "hashFiles"}, expression


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_no_text_of_an_event_becomes_a_script(workflow: Path) -> None:
    # https://docs.github.com/en/actions/security-for-github-actions/security-guides/security-hardening-for-github-actions
    for job in yaml.safe_load(workflow.read_text())["jobs"].values():
        for step in job["steps"]:
            assert set(re.findall(r"\$\{\{ *(\w+)", step.get("run", ""))) <= {"matrix"}


def test_only_jobs_that_act_on_aws_get_a_token_for_it_and_each_in_a_github_environment() -> None:
    for workflow in WORKFLOWS:
        for job in yaml.safe_load(workflow.read_text())["jobs"].values():
            wants = any("configure-aws-credentials" in step.get("uses", "") for step in job["steps"])
            assert wants == ((job.get("permissions") or {}).get("id-token") == "write")
            assert not wants or "environment" in job
