"""What the repository promises about its own structure."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_every_function_has_one_module_block_and_every_block_a_folder() -> None:
    blocks = (ROOT / "terraform/system/functions.tf").read_text()
    folders = sorted(handler.parent.name for handler in (ROOT / "functions").glob("*/handler.py"))
    assert sorted(re.findall(r'^module "(\w+)"', blocks, re.MULTILINE)) == folders


def test_terraforms_blocks_know_no_dragon() -> None:
    sources = [path for path in (ROOT / "terraform" / "modules").glob("*/*") if path.is_file()]
    assert sources
    assert [path for path in sources if "dragon" in path.read_text().lower()] == []


@pytest.mark.parametrize("folder", ["functions", "shared", "terraform/system", "terraform/modules"])
def test_the_product_knows_nothing_of_the_local_cloud(folder: str) -> None:
    words = re.compile(r"localstack|localcloud|local cloud|moto\b|127\.0\.0\.1:4566", re.IGNORECASE)
    sources = [
        path
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".tf", ".vtl", ".tftpl", ".json"} and ".terraform" not in path.parts
    ]
    assert sources
    assert [path for path in sources if words.search(path.read_text())] == []


def test_locks_carry_names_versions_and_hashes_alone() -> None:
    locks = [path for path in ROOT.glob("**/requirements*.txt") if not {".venv", ".local"} & set(path.parts)]
    locks += [*(ROOT / "requirements").glob("*.txt"), *ROOT.glob("localcloud/runtime.txt")]
    assert len(locks) >= 4
    for lock in locks:
        text = lock.read_text()
        assert "://" not in text, lock
        pinned = re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==\S+", text, re.MULTILINE)
        assert pinned
        assert text.count("--hash=sha256:") >= len(pinned), lock
