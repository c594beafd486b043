"""What a function reads of its environment is what Terraform gives it, both ways."""

import importlib
import re
from dataclasses import fields

import pytest

from tasks.environment.paths import ROOT

BLOCKS = "\n".join(path.read_text() for path in sorted((ROOT / "terraform/system").glob("*.tf")))
READ_BY_GLIBC = {"MALLOC_ARENA_MAX"}
FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))


def given(blocks: str, function: str) -> set[str]:
    """The environment variables in a function's block."""
    block = re.search(rf'(?ms)^module "{function}" {{$.*?^}}$', blocks)
    assert block is not None, f"terraform/system has no block {function}"
    maps = re.findall(r"(?ms)^  (?:environment|secrets) += {$(.*?)^  }$", block[0])
    return set(re.findall(r"(?m)^    (\w+) +=", "\n".join(maps)))


def read(function: str) -> set[str]:
    """The environment variables of a function's settings."""
    if not (ROOT / "functions" / function / "settings.py").exists():
        return set()
    settings = importlib.import_module(f"{function}.settings").Settings
    return {field.name.upper() for field in fields(settings)}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_settings_are_the_variables_of_the_block(function: str) -> None:
    in_block, in_settings = given(BLOCKS, function), read(function)
    forgotten, unread = sorted(in_settings - in_block), sorted(in_block - in_settings - READ_BY_GLIBC)
    assert not forgotten, f"add {forgotten} to the environment of {function} in terraform/system/functions.tf"
    assert not unread, f"functions/{function}/settings.py reads none of {unread}: drop them from its block"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_only_settings_read_the_environment(function: str) -> None:
    for path in (ROOT / "functions" / function).rglob("*.py"):
        assert not re.search(r"\b(environ|getenv)\b", path.read_text()), path


def test_every_variable_of_a_block_is_found() -> None:
    assert given(BLOCKS, "list_dragons") >= {"ALLOWED_ORIGINS", "DATASET_BUCKET_PARAMETER"}
    assert given(BLOCKS, "pre_token_generation") == set()
