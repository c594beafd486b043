"""Parameters: one call, kept for a while, missing ones named."""

from typing import Any

import pytest

from dragons.errors import ConfigurationError
from dragons.parameters import LIFETIME_SECONDS, Parameters


class FakeParameterStore:
    """An SSM client that answers from a dictionary and counts its calls."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values
        self.calls = 0

    def get_parameters(self, Names: list[str], WithDecryption: bool) -> dict[str, Any]:
        assert WithDecryption  # of a SecureString; of others, SSM passes over it
        self.calls += 1
        found = [{"Name": name, "Value": self.values[name]} for name in Names if name in self.values]
        return {"Parameters": found, "InvalidParameters": [n for n in Names if n not in self.values]}


def test_they_are_fetched_together_and_again_when_they_are_old() -> None:
    now = 1000.0
    store = FakeParameterStore({"/a": "1", "/b": "2"})
    parameters = Parameters(store, "/a", "/b", clock=lambda: now)  # type: ignore[arg-type]
    assert (parameters["/a"], parameters["/b"], store.calls) == ("1", "2", 1)
    store.values["/a"] = "changed"
    assert parameters["/a"] == "1"
    now += LIFETIME_SECONDS
    assert (parameters["/a"], store.calls) == ("changed", 2)


def test_a_missing_one_is_named() -> None:
    store = FakeParameterStore({"/a": "1"})
    parameters = Parameters(store, "/a", "/gone", "/never")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match=r"^SSM parameters do not exist: /gone, /never$"):
        parameters["/a"]
