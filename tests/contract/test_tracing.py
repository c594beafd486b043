"""Functions that call AWS record it, and the others load no library for that."""

from pathlib import Path

import pytest

HANDLERS = sorted((Path(__file__).parents[2] / "functions").glob("*/handler.py"))


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda handler: handler.parent.name)
def test_who_calls_aws_is_traced_and_nobody_else(handler: Path) -> None:
    source = handler.read_text()
    assert ("tracing.enable()" in source) == ("boto3.client(" in source)
