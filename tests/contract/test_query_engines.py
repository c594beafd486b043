"""Terraform accepts the query engines that there are, and no others."""

import json
import re

from contract.rendering import SYSTEM
from list_dragons.engines import ENGINES


def test_terraform_accepts_the_engines_that_there_are() -> None:
    text = (SYSTEM / "variables.tf").read_text(encoding="utf-8")
    found = re.findall(r"contains\((\[[^]]*\]), var\.query_engine\)", text)
    assert [json.loads(each) for each in found] == [list(ENGINES)]
    [message] = re.findall(r'error_message = "(query_engine [^"]*)"', text)
    assert message.endswith(f": {', '.join(ENGINES)}.")
