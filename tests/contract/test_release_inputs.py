"""A release is another one as soon as a function can be: what makes functions is what names the release."""

import re
from pathlib import Path

DRAGONS = Path(__file__).parents[2] / "terraform" / "system"
NOT_IN_A_VERSION = {
    "log_retention_days",
    "provisioned_concurrency",
    "repository_root",
    "reserved_concurrency",
}
"""Inputs that publish no version: they are the log group's, the function's own, or count by digests."""


def test_every_input_that_reaches_a_function_makes_another_release() -> None:
    [trigger] = re.findall(r"triggers_replace = .*?\n  \]\)\)", (DRAGONS / "releases.tf").read_text(), re.S)
    reaching = set(re.findall(r"\bvar\.(\w+)", (DRAGONS / "functions.tf").read_text()))
    assert reaching - NOT_IN_A_VERSION <= set(re.findall(r"\bvar\.(\w+)", trigger))
    assert '"functions.tf"' in trigger


def test_functions_are_in_the_file_that_makes_another_release() -> None:
    elsewhere = [
        path.name
        for path in DRAGONS.glob("*.tf")
        if re.search(r'source\s*=\s*"../modules/function"', path.read_text()) and path.name != "functions.tf"
    ]
    assert elsewhere == []
