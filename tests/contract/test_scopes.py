"""The groups and scopes that Terraform makes are those that the trigger grants (docs/adr/0004)."""

import re

from contract.rendering import SYSTEM
from pre_token_generation.scopes import EVERYBODY, GRANTS, PREFIX

MAIN = (SYSTEM / "auth" / "main.tf").read_text(encoding="utf-8")


def keys_of(block: str) -> set[str]:
    found = re.search(rf"{block} = \{{\n(.*?)\n  \}}", MAIN, re.DOTALL)
    assert found, f"auth/main.tf has no {block}"
    return set(re.findall(r"^ +(\w+) +=", found[1], re.MULTILINE))


def test_every_group_is_granted_scopes() -> None:
    assert keys_of("for_each") == set(GRANTS)


def test_every_scope_is_granted_to_somebody() -> None:
    assert f'identifier   = "{PREFIX.rstrip("/")}"' in MAIN
    assert {PREFIX + scope for scope in keys_of("scopes")} == EVERYBODY.union(*GRANTS.values())
