"""Releases: all aliases move or none, live serves published versions alone, and a rollback finds its way."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_lambda import ARN, NAMES, FakeLambda
from localcloud import commands
from localcloud.paths import ROOT
from localcloud.release.__main__ import release
from localcloud.release.moves import ReleaseError

Versions = dict[str, int]


def run(fake: FakeLambda, action: str, canary_percent: float = 0) -> list[str]:
    return release(action, fake, fake.functions, canary_percent).splitlines()


def test_a_deploy_without_a_canary_serves_the_newest_everywhere_and_a_second_moves_nothing() -> None:
    fake = FakeLambda()
    fake.publish("list_dragons", *["write_dataset"] * 9)
    assert run(fake, "deploy") == [
        "list_dragons: canary 1 -> 2",
        "list_dragons: live 1 -> 2",
        "write_dataset: canary 1 -> 10",
        "write_dataset: live 1 -> 10",
        "4 aliases moved",
    ]
    before = fake.updates
    assert run(fake, "deploy") == ["0 aliases moved"]
    assert fake.updates == before


def test_a_first_deploy_leaves_terraforms_aliases_as_they_are() -> None:
    fake = FakeLambda()
    assert run(fake, "deploy") == run(fake, "deploy", 10) == ["0 aliases moved"]
    assert fake.updates == 0


def test_a_canary_is_promoted_and_rolled_back() -> None:
    fake = FakeLambda()
    fake.publish("list_dragons")
    assert run(fake, "deploy", 10) == ["list_dragons: canary 1 -> 2", "1 alias moved"]
    assert run(fake, "promote") == ["list_dragons: live 1 -> 2", "1 alias moved"]
    assert fake.aliases[ARN.format("list_dragons"), "live"]["Description"] == "previous: 1"
    assert run(fake, "rollback") == [
        "list_dragons: canary 2 -> 1",
        "list_dragons: live 2 -> 1",
        "2 aliases moved",
    ]


def test_a_canary_is_taken_back_before_live_is() -> None:
    fake = FakeLambda()
    fake.publish(*NAMES)
    run(fake, "deploy")
    fake.publish("list_dragons")
    run(fake, "deploy", 10)
    assert run(fake, "rollback") == ["list_dragons: canary 3 -> 2", "1 alias moved"]
    assert fake.at("live") == dict.fromkeys(NAMES, 2)


def test_a_rollback_leaves_alone_what_the_last_release_did_not_change() -> None:
    fake = FakeLambda()
    fake.publish("list_dragons")
    run(fake, "deploy")
    fake.publish("write_dataset")
    run(fake, "deploy")
    run(fake, "rollback")
    assert fake.at("live") == fake.at("canary") == dict.fromkeys(NAMES, 1) | {"list_dragons": 2}


def test_a_function_that_came_with_the_release_stays_when_it_is_rolled_back() -> None:
    fake = FakeLambda()
    fake.publish("list_dragons")
    fake.create("authorize_partner")
    run(fake, "deploy")
    run(fake, "rollback")
    assert fake.at("live") == dict.fromkeys([*NAMES, "authorize_partner"], 1)


def test_nothing_to_promote_or_roll_back_to_is_said() -> None:
    fake = FakeLambda()
    with pytest.raises(ReleaseError, match="nothing to promote"):
        run(fake, "promote")
    with pytest.raises(ReleaseError, match="nothing to roll back to"):
        run(fake, "rollback")
    fake.publish("list_dragons")
    run(fake, "deploy")
    run(fake, "rollback")
    with pytest.raises(ReleaseError, match="nothing to roll back to"):
        run(fake, "rollback")


def without_function(fake: FakeLambda) -> None:
    fake.aliases = {key: each for key, each in fake.aliases.items() if "write" not in key[0]}
    arn = ARN.format("write_dataset")
    fake.versions = {key: each for key, each in fake.versions.items() if key != arn}


def without_alias(fake: FakeLambda) -> None:
    del fake.aliases[ARN.format("write_dataset"), "canary"]


def without_version(fake: FakeLambda) -> None:
    fake.versions[ARN.format("write_dataset")] = []


def on_latest(fake: FakeLambda) -> None:
    fake.aliases[ARN.format("write_dataset"), "live"]["FunctionVersion"] = "$LATEST"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (without_function, "write_dataset: there is no such function"),
        (without_alias, "write_dataset: there is no alias canary"),
        (without_version, "write_dataset: no version is published"),
        (on_latest, r"write_dataset: live stands on \$LATEST.*\[1, 2\]"),
    ],
)
@pytest.mark.parametrize("action", ["deploy", "promote", "rollback"])
def test_every_function_is_checked_before_any_is_moved(action: str, spoil: Any, words: str) -> None:
    fake = FakeLambda()
    fake.publish(*NAMES)
    run(fake, "deploy", 10)
    functions = fake.functions
    spoil(fake)
    before = fake.state()
    with pytest.raises(ReleaseError, match=words):
        release(action, fake, functions, 0)
    assert fake.state() == before


def test_a_version_that_is_gone_is_named_and_nothing_moves() -> None:
    fake = FakeLambda()
    fake.publish(*NAMES)
    run(fake, "deploy")
    fake.versions[ARN.format("write_dataset")].remove(1)
    before = fake.state()
    with pytest.raises(ReleaseError, match="write_dataset: version 1 is not published any more"):
        run(fake, "rollback")
    assert fake.state() == before


@given(st.sampled_from(["deploy", "promote", "rollback"]), st.integers(0, 5), st.booleans())
def test_a_move_that_fails_midway_puts_back_those_before_it(action: str, at: int, lost: bool) -> None:
    fake = FakeLambda()
    fake.publish(*NAMES)
    run(fake, "deploy")
    if action != "rollback":
        fake.publish(*NAMES)
    if action == "promote":
        run(fake, "deploy", 10)
        at //= 2  # only the three live aliases move
    before = fake.state()
    (fake.lost if lost else fake.fails).add(fake.updates + at)
    with pytest.raises(ReleaseError, match="failed, every alias is back where it was"):
        run(fake, action)
    assert fake.state() == before


def test_an_interruption_puts_back_what_was_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeLambda()
    fake.publish(*NAMES)
    before, update = fake.state(), fake.update_alias

    def interrupted(**request: str) -> None:
        if fake.updates == 3:
            monkeypatch.undo()
            raise KeyboardInterrupt
        update(**request)

    monkeypatch.setattr(fake, "update_alias", interrupted)
    with pytest.raises(ReleaseError, match="every alias is back where it was: interrupted"):
        run(fake, "deploy")
    assert fake.state() == before


def test_what_cannot_be_put_back_is_named() -> None:
    fake = FakeLambda()
    fake.publish(*NAMES)
    fake.fails = {3, 4}  # the fourth move, and the first attempt to put one back
    with pytest.raises(ReleaseError, match=r"could not be put back: validate_dragon: canary was on 1$"):
        run(fake, "deploy")
    assert fake.at("live") == dict.fromkeys(NAMES, 1)


def test_a_move_made_by_somebody_else_meanwhile_is_not_overwritten() -> None:
    class Contended(FakeLambda):
        def update_alias(self, FunctionName: str, Name: str, RevisionId: str, **changes: str) -> None:
            if self.updates == 1:
                self.aliases[ARN.format("list_dragons"), "live"] |= {
                    "FunctionVersion": "3",
                    "RevisionId": "9",
                }
            super().update_alias(FunctionName, Name, RevisionId, **changes)

    fake = Contended()
    fake.publish(*NAMES, *NAMES, *NAMES)
    with pytest.raises(ReleaseError, match=r"put back: list_dragons: live was on 1$"):
        run(fake, "deploy")
    assert fake.at("live") == dict.fromkeys(NAMES, 1) | {"list_dragons": 3}
    assert fake.at("canary") == dict.fromkeys(NAMES, 1)


class Expected:
    """What the aliases should be, told by whole releases instead of by functions."""

    def __init__(self) -> None:
        self.newest = self.live = self.canary = dict.fromkeys(NAMES, 1)
        self.before: Versions | None = None

    def publish(self, names: list[str]) -> None:
        self.newest = {name: version + (name in names) for name, version in self.newest.items()}

    def deploy(self, percent: int) -> None:
        self.canary = self.newest
        if percent == 0 and self.canary != self.live:
            self.promote()

    def promote(self) -> None:
        assert self.canary != self.live
        self.before, self.live = self.live, self.canary

    def rollback(self) -> None:
        if self.canary != self.live:
            self.canary = self.live
            return
        assert self.before is not None
        self.live = self.canary = self.before
        self.before = None


steps = st.one_of(
    st.tuples(st.just("publish"), st.lists(st.sampled_from(NAMES), min_size=1, unique=True)),
    st.tuples(st.just("deploy"), st.sampled_from([0, 0, 1, 10, 100])),
    st.tuples(st.sampled_from(["promote", "rollback"]), st.none()),
)


@given(st.lists(steps, max_size=30))
def test_whatever_is_released_live_is_published_and_a_rollback_restores(steps: list[tuple[str, Any]]) -> None:
    fake, expected = FakeLambda(), Expected()
    for action, argument in steps:
        if action == "publish":
            fake.publish(*argument)
            expected.publish(argument)
            continue
        try:
            getattr(expected, action)(*([] if argument is None else [argument]))
        except AssertionError:
            with pytest.raises(ReleaseError, match="nothing to"):
                run(fake, action)
        else:
            run(fake, action, argument or 0)
        assert fake.at("live") == expected.live
        assert fake.at("canary") == expected.canary
        assert all(
            int(fake.aliases[arn, "live"]["FunctionVersion"]) in fake.versions[arn] for arn in fake.versions
        )


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", None])
def test_the_launchers_command_is_understood_and_fails_in_a_line(endpoint: str | None) -> None:
    outputs = {"functions": FakeLambda().functions, "canary_percent": 12.5}
    command = [str(word) for word in commands.release("deploy", outputs, endpoint)]
    assert json.loads(command[command.index("--functions") + 1]) == outputs["functions"]
    settings = os.environ | {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
    }
    done = subprocess.run(
        [sys.executable, *command[1:]], cwd=ROOT, env=settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: Could not connect")
    assert done.stderr.count("\n") == 1
