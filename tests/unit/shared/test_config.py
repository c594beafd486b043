"""Settings out of environment variables."""

from dataclasses import dataclass

import pytest

from dragons import config
from dragons.errors import ConfigurationError


@dataclass(frozen=True)
class Settings:
    """One text, one list."""

    some_table: str
    some_origins: tuple[str, ...]


def test_a_field_is_the_variable_of_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_TABLE", "table")
    monkeypatch.setenv("SOME_ORIGINS", " https://a.example,,https://b.example , ")
    assert config.load(Settings) == Settings("table", ("https://a.example", "https://b.example"))


@dataclass(frozen=True)
class Tunable:
    """A number that need not be given."""

    some_seconds: int = 7


@pytest.mark.parametrize(("value", "seconds"), [(None, 7), ("", 7), ("9", 9)])
def test_a_field_with_a_default_may_have_no_variable(
    monkeypatch: pytest.MonkeyPatch, value: str | None, seconds: int
) -> None:
    monkeypatch.delenv("SOME_SECONDS", raising=False)
    if value is not None:
        monkeypatch.setenv("SOME_SECONDS", value)
    assert config.load(Tunable) == Tunable(seconds)


def test_an_error_says_where_variables_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_SECONDS", "soon")
    with pytest.raises(ConfigurationError, match=r"is soon: make it a whole number in the worker's shell$"):
        config.load(Tunable, of="worker's shell")


def test_a_list_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_TABLE", "table")
    assert config.load(Settings) == Settings("table", ())


@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_variable_is_named_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    if value is not None:
        monkeypatch.setenv("SOME_TABLE", value)
    with pytest.raises(
        ConfigurationError, match=r"^environment variable SOME_TABLE is not set: add it to the"
    ):
        config.load(Settings)


@pytest.mark.parametrize(("address", "offered"), [("169.254.100.1:2000", True), ("", False), (None, False)])
def test_tracing_needs_a_daemon(monkeypatch: pytest.MonkeyPatch, address: str | None, offered: bool) -> None:
    monkeypatch.delenv("AWS_XRAY_DAEMON_ADDRESS", raising=False)
    if address is not None:
        monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", address)
    assert config.tracing_daemon() is offered
