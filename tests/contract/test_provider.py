"""Which AWS provider deploys: the one that is tested, with nothing that the next major version refuses."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from contract.hcl_arguments import arguments
from contract.provider_schema import PATH, TERRAFORM, plain, used

NEXT: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
USED = used()
RENEW = "take it up as tests/contract/provider_schema.py says"


def versions(path: Path) -> list[str]:
    found: list[str] = re.findall(
        r'source += "hashicorp/aws"\n(?: *#.*\n)* *version += "(.*)"', path.read_text()
    )
    return found


def test_what_is_deployed_names_one_version_and_modules_a_range_that_has_it_and_the_next() -> None:
    pinned = TERRAFORM / "environments" / "root" / "versions.tf"
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", each) for each in versions(pinned))
    assert len(versions(pinned)) == 1
    modules = [path for path in TERRAFORM.rglob("versions.tf") if not path.is_symlink() and path != pinned]
    assert {each for path in modules for each in versions(path)} == {">= 5.100, < 7.0"}
    for version in (*versions(pinned), NEXT["version"]):
        assert (5, 100) <= tuple(map(int, version.split(".")))[:2] < (7, 0)


@pytest.mark.parametrize("kind", USED)
def test_the_next_major_version_takes_what_we_give(kind: str) -> None:
    assert kind in NEXT["schemas"], f"{kind} is new here: {RENEW}"
    schema = NEXT["schemas"][kind]
    known = {plain(path) for path in (*schema["required"], *schema["optional"])}
    for path, given in USED[kind]:
        assert not [each for each in given if plain(each) not in known], f"{path}: not in {NEXT['version']}"


@pytest.mark.parametrize("kind", sorted(set(USED) & set(NEXT["schemas"])))
def test_the_next_major_version_wants_no_more_than_we_give(kind: str) -> None:
    for path, given in USED[kind]:
        inside = {"", *(f"{each}." for each in given)}
        wanted = {each for each in NEXT["schemas"][kind]["required"] if each[: each.rfind(".") + 1] in inside}
        have = {plain(each) for each in given}
        assert not [each for each in wanted if plain(each) not in have], f"{path}: {NEXT['version']} wants it"


def test_arguments_are_read_whatever_stands_around_them() -> None:
    text = """
data "aws_partition" "current" {}

# resource "aws_none" "x" {
resource "aws_thing" "this" {
  for_each = { a = { deep = 1 } }

  name = "a # {" # why {
  tags = {
    inner = 1
  }
  empty {}

  dynamic "rule" {
    for_each = var.rules

    content {
      id = rule.value
      filter { # one
        prefix = jsonencode([
          "x",
        ])
      }
    }
  }

  lifecycle {
    ignore_changes = [name]
  }
}
"""
    assert arguments(text) == {
        "aws_thing": [{"name", "tags", "empty", "rule", "rule.id", "rule.filter", "rule.filter.prefix"}]
    }
