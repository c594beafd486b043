"""`make release`: versions and the changelog; the zips' checksums and bills of materials."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks import release
from tasks.environment.paths import ROOT
from tasks.processes.steps import StepError

CHANGELOG = (
    "# Changelog\n\nWords.\n\n## Unreleased\n\n### Added\n\n- This.\n\n## 1.2.3 - 2026-01-02\n\n- That.\n"
)
DATE = "2026-11-28"
versions = st.tuples(*[st.integers(0, 20)] * 3)


def test_what_is_unreleased_gets_the_version() -> None:
    assert release.released(CHANGELOG, "1.3.0", DATE) == CHANGELOG.replace(
        "## Unreleased\n", "## Unreleased\n\n## 1.3.0 - 2026-11-28\n"
    )


@given(versions)
def test_a_version_is_above_the_last(numbers: tuple[int, ...]) -> None:
    version = ".".join(map(str, numbers))
    if numbers > (1, 2, 3):
        assert f"## {version} - {DATE}\n" in release.released(CHANGELOG, version, DATE)
        return
    with pytest.raises(StepError, match=r"is not above 1\.2\.3"):
        release.released(CHANGELOG, version, DATE)


@pytest.mark.parametrize("version", ["", "1", "1.2", "v1.3.0", "1.3.0-rc.1", "01.3.0", "1.3.0\n"])
def test_what_is_no_version_is_refused(version: str) -> None:
    with pytest.raises(StepError, match=r"is not a version$"):
        release.released(CHANGELOG, version, DATE)


@pytest.mark.parametrize(
    "changelog", ["", "# Changelog\n", "## Unreleased\n\n## 1.2.3 - 2026-01-02\n\n- That.\n"]
)
def test_a_release_says_what_users_notice(changelog: str) -> None:
    with pytest.raises(StepError, match="nothing under `## Unreleased`"):
        release.released(changelog, "2.0.0", DATE)


def test_the_projects_own_changelog_can_be_released() -> None:
    assert "## 99.0.0 - " in release.released((ROOT / "CHANGELOG.md").read_text(), "99.0.0", DATE)
    assert "## Unreleased" in (ROOT / "UPGRADE.md").read_text()


def test_checksums_are_those_of_the_zips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    billed: list[str] = []
    monkeypatch.setattr(release, "_bill", lambda lock, target, version: billed.append(lock.parent.name))
    release.describe(tmp_path, "1.0.0")
    for line in (tmp_path / "SHA256SUMS").read_text().splitlines():
        digest, path = line.split("  ")
        assert hashlib.sha256((ROOT / "dist" / path).read_bytes()).hexdigest() == digest
    manifest = json.loads((ROOT / "dist/manifest.json").read_text())
    assert len((tmp_path / "SHA256SUMS").read_text().splitlines()) == sum(
        len(manifest[kind]) for kind in ("functions", "layers")
    )
    assert "shared" in billed
