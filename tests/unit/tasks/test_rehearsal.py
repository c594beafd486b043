"""The rehearsal's parts: a root with its own values on another cloud, known skips, and what is left."""

import re
from pathlib import Path

import pytest

from tasks.environment.paths import ENVIRONMENTS, ROOT
from tasks.processes.steps import StepError
from tasks.rehearsal import root as roots
from tasks.rehearsal import skips

ENDPOINT = "http://127.0.0.1:4599"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    roots.copy_terraform(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_a_root_keeps_its_values_and_gets_provider_backend_and_urls(copied: Path, name: str) -> None:
    root = roots.rehearsed(copied, name, ENDPOINT)
    assert not root.on_aws
    assert root.variables["endpoint"] == ENDPOINT
    assert root.variables["repository_root"] == str(ROOT)
    assert (root.folder / "settings.tf").read_text() == (ENVIRONMENTS / name / "settings.tf").read_text()
    overrides = {path.name: path.read_text() for path in root.folder.glob("*_override.tf")}
    assert overrides["providers_override.tf"] == (ENVIRONMENTS / "local/providers.tf").read_text()
    assert 'backend "local"' in overrides["backend_override.tf"]
    assert overrides["settings_override.tf"].startswith('locals {\n  account_id = "000000000000"\n')
    assert overrides["settings_override.tf"].count("{") - overrides["settings_override.tf"].count("${") == 2
    assert not list((ENVIRONMENTS / name).glob("*_override.tf"))


def test_a_second_environment_differs_in_its_name(copied: Path) -> None:
    roots.copy_environment(copied, "dev", "second")
    settings = (copied / "terraform/environments/second/settings.tf").read_text()
    assert re.search(r'environment += "second"', settings)
    assert "dragons/second/" in (copied / "terraform/environments/second/backend.tf").read_text()


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_what_is_protected_is_given_free(copied: Path, name: str) -> None:
    root = roots.rehearsed(copied, name, ENDPOINT)
    assert roots.protects(root)
    roots.unprotect(root)
    assert not roots.protects(root)
    assert "skip_destroy = false" in (root.folder / "settings.tf").read_text()


@pytest.mark.parametrize(
    ("reasons", "unknown"),
    [([], ""), (["a reason"], ""), (["a reason"] * 2, "2 a reason"), (["another: one"], "1 another: one")],
)
def test_a_skip_is_known_by_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reasons: list[str], unknown: str
) -> None:
    known = tmp_path / "known.txt"
    known.write_text("# why\na reason: 1\n")
    monkeypatch.setattr(skips, "KNOWN", known)
    monkeypatch.setattr(skips, "ROOT", tmp_path)
    cases = "".join(f'<testcase name="t"><skipped message="{reason}"/></testcase>' for reason in reasons)
    (tmp_path / "report.xml").write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    if not unknown:
        skips.require_known(tmp_path / "report.xml", "dev")
        return
    with pytest.raises(
        StepError, match=r"more tests are skipped with the values of dev than known\.txt"
    ) as caught:
        skips.require_known(tmp_path / "report.xml", "dev")
    assert caught.value.detail == unknown
