"""Releases: the commands leave what Terraform would make of the parameters, and a rollback finds its way."""

from typing import Any

import pytest

from tasks.rollout.moves import ReleaseError, Routing
from unit.tasks.fake_environment import PARTS, PATH, FakeEnvironment
from unit.tasks.fake_lambda import ARN
from unit.tasks.fake_step_functions import MACHINE_ARN

NAMESAKE = "state_machines/list_dragons"


def at(environment: FakeEnvironment, *versions: int, machines: tuple[int, ...] = (1, 1)) -> bool:
    """Whether live is there, and an apply of the same code would change nothing."""
    assert environment.changes() == {}
    return list(environment.at("live").values()) == [*versions, *machines]


def test_a_canary_pins_what_is_live_and_a_promotion_takes_the_pins_away() -> None:
    environment = FakeEnvironment()
    assert environment.run("canary", 12.5) == [
        "canary: 12.5 % of the REST API's calls; 3 functions and 2 state machines pinned anew"
    ]
    assert environment.pins == dict.fromkeys(PARTS, "1")
    assert environment.ssm.below("canary") == {"percent": "12.5"}
    environment.apply("list_dragons")
    assert at(environment, 1, 1, 1)
    assert environment.at("canary") == environment.newest
    assert environment.run("promote") == [
        "list_dragons: live 1 -> 2",
        "1 alias moved; nothing is pinned",
    ]
    assert at(environment, 2, 1, 1)
    assert environment.pins == environment.ssm.below("canary") == {}
    assert environment.gateway.percent is None


def test_a_machine_moves_with_the_functions_and_apart_from_its_namesake() -> None:
    environment = FakeEnvironment()
    environment.run("canary", 10)
    environment.apply("write_dataset", NAMESAKE)
    assert at(environment, 1, 1, 1)
    assert environment.at("canary") == dict.fromkeys(PARTS, 1) | {"write_dataset": 2, NAMESAKE: 2}
    assert environment.run("promote") == [
        "write_dataset: live 1 -> 2",
        "state_machines/list_dragons: live 1 -> 2",
        "2 aliases moved; nothing is pinned",
    ]
    assert at(environment, 1, 1, 2, machines=(2, 1))
    environment.run("rollback")
    assert at(environment, 1, 1, 1)
    assert environment.ssm.below("state_machines/pins") == {"list_dragons": "1", "report_dragon": "1"}


def test_a_release_of_a_definition_alone_is_rolled_back() -> None:
    environment = FakeEnvironment()
    environment.apply("list_dragons")
    environment.apply("state_machines/report_dragon")
    assert environment.run("rollback") == [
        "state_machines/report_dragon: canary 2 -> 1",
        "state_machines/report_dragon: live 2 -> 1",
        "2 aliases moved; 3 functions and 2 state machines pinned until `make promote`",
    ]
    assert at(environment, 2, 1, 1)


def test_an_environment_from_before_machines_had_versions_goes_on() -> None:
    environment = FakeEnvironment(machines=[])
    environment.apply("list_dragons")
    environment.run("rollback")
    for name in ("list_dragons", "report_dragon"):
        environment.machines.create(name)
    environment.apply(fresh=True)  # its pins hold the functions, and the machines' log begins
    assert at(environment, 1, 1, 1)
    environment.run("promote")
    environment.apply(*PARTS)
    assert at(environment, 3, 2, 2, machines=(2, 2))
    environment.run("rollback")
    assert at(environment, 2, 1, 1)
    environment.run("rollback")  # to before their log: the machines stay
    assert at(environment, 1, 1, 1)


def test_a_rollback_pins_every_function_at_what_served_together_before() -> None:
    environment = FakeEnvironment()
    environment.apply("list_dragons")
    environment.apply("write_dataset")
    assert environment.run("rollback") == [
        "write_dataset: canary 2 -> 1",
        "write_dataset: live 2 -> 1",
        "2 aliases moved; 3 functions and 2 state machines pinned until `make promote`",
    ]
    assert at(environment, 2, 1, 1)
    assert environment.pins == dict.fromkeys(PARTS, "1") | {"list_dragons": "2"}
    environment.run("rollback")
    assert at(environment, 1, 1, 1)
    with pytest.raises(ReleaseError, match="nothing to roll back to"):
        environment.run("rollback")
    assert at(environment, 1, 1, 1)


def test_an_apply_keeps_the_pins_until_a_promotion() -> None:
    environment = FakeEnvironment()
    environment.apply("list_dragons")
    environment.run("rollback")
    environment.apply(*PARTS)
    assert at(environment, 1, 1, 1)
    environment.run("promote")
    assert at(environment, 3, 2, 2, machines=(2, 2))


def test_what_was_bad_is_not_come_back_to() -> None:
    environment = FakeEnvironment()
    environment.apply("list_dragons")
    environment.run("rollback")  # of version 2
    environment.apply("list_dragons")
    environment.run("promote")
    environment.run("rollback")
    assert at(environment, 1, 1, 1)


def test_a_canary_that_is_tried_again_and_promoted_rolls_back_to_what_was_live() -> None:
    environment = FakeEnvironment()
    for _ in range(3):
        environment.run("canary", 10)
        environment.apply("list_dragons")
    environment.run("promote")
    assert at(environment, 4, 1, 1)
    environment.run("rollback")
    assert at(environment, 1, 1, 1)


def test_a_canary_is_taken_back_before_live_is() -> None:
    environment = FakeEnvironment()
    environment.apply("list_dragons")
    environment.run("canary", 10)
    environment.apply("list_dragons")
    assert environment.run("rollback")[0] == "list_dragons: canary 3 -> 2"
    assert at(environment, 2, 1, 1)
    assert environment.ssm.below("pins")["list_dragons"] == "2"
    environment.run("rollback")
    assert at(environment, 1, 1, 1)


def test_a_canary_keeps_the_pins_that_there_are_and_can_end_without_a_promotion() -> None:
    environment = FakeEnvironment()
    environment.apply("list_dragons")
    environment.run("rollback")
    assert environment.run("canary", 50) == ["canary: 50 % of the REST API's calls; 0 functions pinned anew"]
    environment.apply()
    assert environment.at("canary") == environment.newest
    assert at(environment, 1, 1, 1)
    assert environment.run("canary", 0) == ["canary: none; the pins stay"]
    environment.apply()
    assert environment.at("canary") == dict.fromkeys(PARTS, 1)
    assert at(environment, 1, 1, 1)


def test_what_came_with_the_release_stays_when_it_is_rolled_back() -> None:
    environment = FakeEnvironment()
    environment.functions.create("authorize_partner")
    environment.machines.create("import_dragons")
    environment.apply("list_dragons")
    environment.run("rollback")
    assert at(environment, 1, 1, 1, 1, machines=(1, 1, 1))
    assert environment.pins.keys() == {*PARTS, "authorize_partner", "state_machines/import_dragons"}


def test_nothing_to_promote_or_to_roll_back_to_is_said() -> None:
    environment = FakeEnvironment()
    with pytest.raises(ReleaseError, match="nothing to promote: there is no canary and no pin"):
        environment.run("promote")
    with pytest.raises(ReleaseError, match="nothing to roll back to"):
        environment.run("rollback")
    environment.run("canary", 10)
    environment.apply("list_dragons")
    environment.run("promote")
    with pytest.raises(ReleaseError, match="nothing to promote"):
        environment.run("promote")


def test_an_apply_that_broke_off_is_no_release_to_come_back_to() -> None:
    environment = FakeEnvironment()
    environment.apply("list_dragons", NAMESAKE, reached=1)
    assert environment.at("live") == dict.fromkeys(PARTS, 1) | {"list_dragons": 2}
    environment.run("rollback")
    assert environment.at("live") == dict.fromkeys(PARTS, 1)
    environment.run("promote")
    assert at(environment, 2, 1, 1, machines=(2, 1))
    environment.apply("validate_dragon")
    environment.run("rollback")
    assert at(environment, 2, 1, 1, machines=(2, 1))
    environment.run("rollback")
    assert at(environment, 1, 1, 1)


def test_an_old_log_that_ssm_has_cut_is_not_read_beyond_what_all_functions_have() -> None:
    environment = FakeEnvironment()
    for _ in range(4):
        environment.apply("list_dragons")
    environment.run("rollback")
    environment.ssm.kept = 4  # of list_dragons the first two are gone, of the others one
    environment.run("rollback")
    assert at(environment, 3, 1, 1)
    with pytest.raises(ReleaseError, match="nothing to roll back to"):
        environment.run("rollback")


def test_a_log_that_was_overwritten_by_hand_is_read_past() -> None:
    environment = FakeEnvironment()
    environment.apply("list_dragons")
    environment.ssm.histories[f"{PATH}/live/list_dragons"][1:1] = ["2", "{}", "v1"]
    environment.run("rollback")
    assert at(environment, 1, 1, 1)


def test_what_a_canary_wrote_is_taken_back_where_nothing_was_deployed() -> None:
    environment = FakeEnvironment()
    environment.apply("list_dragons")
    environment.run("rollback")
    del environment.ssm.histories[f"{PATH}/pins/write_dataset"]
    before = environment.ssm.values
    routing, newest = environment.release().system.routing, environment.newest
    environment.run("canary", 10)
    assert environment.ssm.values != before
    assert environment.run("restore", routing, newest) == [
        "nothing was deployed: pins and canary are as before"
    ]
    assert environment.ssm.values == before


def test_what_a_canary_wrote_stays_where_versions_were_published() -> None:
    environment = FakeEnvironment()
    newest = environment.newest
    environment.run("canary", 10)
    environment.apply("list_dragons", reached=0)
    [words] = environment.run("restore", Routing({}), newest)
    assert "run it again to go on, or `make rollback`" in words
    assert environment.pins == dict.fromkeys(PARTS, "1")
    environment.run("rollback")
    assert environment.at("live") == environment.at("canary") == dict.fromkeys(PARTS, 1)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("pins/list_dragons", "two", 'pins/list_dragons: "two" is not a version'),
        ("pins/list_dragons", "0", 'pins/list_dragons: "0" is not a version'),
        (
            "state_machines/pins/list_dragons",
            "two",
            'state_machines/pins/list_dragons: "two" is not a version',
        ),
        ("pins/list_dragons", "²", 'pins/list_dragons: "²" is not a version'),
        ("canary/percent", "ten", 'canary/percent: "ten" is not a percentage'),
        ("canary/percent", "nan", 'canary/percent: "nan" is not a percentage'),
        ("canary/percent", "101", 'canary/percent: "101" is not a percentage'),
    ],
)
def test_a_parameter_that_is_no_number_is_named(name: str, value: str, words: str) -> None:
    environment = FakeEnvironment()
    environment.ssm.histories[f"{PATH}/{name}"] = [value]
    with pytest.raises(ReleaseError, match=f"{PATH}/{words}: write .*, or delete it"):
        environment.run("promote")


def gone(environment: FakeEnvironment, arn: str) -> None:
    for fake in (environment.functions, environment.machines):
        fake.aliases = {key: each for key, each in fake.aliases.items() if key[0] != arn}
        fake.versions.pop(arn, None)


def without_function(environment: FakeEnvironment) -> None:
    gone(environment, ARN.format("write_dataset"))


def without_machine(environment: FakeEnvironment) -> None:
    gone(environment, MACHINE_ARN.format("report_dragon"))


def without_alias(environment: FakeEnvironment) -> None:
    del environment.functions.aliases[ARN.format("write_dataset"), "canary"]


def without_alias_of_machine(environment: FakeEnvironment) -> None:
    del environment.machines.aliases[MACHINE_ARN.format("report_dragon"), "canary"]


def without_version(environment: FakeEnvironment) -> None:
    environment.functions.versions[ARN.format("write_dataset")] = []


def without_version_of_machine(environment: FakeEnvironment) -> None:
    environment.machines.versions[MACHINE_ARN.format("report_dragon")] = []


def on_latest(environment: FakeEnvironment) -> None:
    environment.functions.aliases[ARN.format("write_dataset"), "live"]["FunctionVersion"] = "$LATEST"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (without_function, "write_dataset: there is no such function"),
        (without_machine, "state_machines/report_dragon: there is no such state machine"),
        (without_alias, "write_dataset: there is no alias canary"),
        (without_alias_of_machine, "state_machines/report_dragon: there is no alias canary"),
        (without_version, "write_dataset: no version is published"),
        (without_version_of_machine, "state_machines/report_dragon: no version is published"),
        (on_latest, r"write_dataset: live stands on \$LATEST.*\[1, 2\]"),
    ],
)
@pytest.mark.parametrize("action", ["canary", "promote", "rollback"])
def test_everything_is_checked_before_anything_is_written(
    monkeypatch: pytest.MonkeyPatch, action: str, spoil: Any, words: str
) -> None:
    environment = FakeEnvironment()
    environment.run("canary", 10)
    environment.apply(*PARTS)
    for fake in (environment.functions, environment.machines):
        monkeypatch.setattr(type(fake), "arns", fake.arns)
    spoil(environment)
    before = environment.state(), environment.ssm.values
    with pytest.raises(ReleaseError, match=words):
        environment.run(action, *([5] if action == "canary" else []))
    assert (environment.state(), environment.ssm.values) == before


@pytest.mark.parametrize("name", ["write_dataset", "state_machines/report_dragon"])
def test_a_version_that_is_gone_is_named_and_nothing_moves(name: str) -> None:
    environment = FakeEnvironment()
    environment.apply(*PARTS)
    for fake in (environment.functions, environment.machines):
        if name in fake.arns:
            fake.versions[fake.arns[name]].remove(1)
    with pytest.raises(ReleaseError, match=f"{name}: version 1 is not published any more"):
        environment.run("rollback")
    assert at(environment, 2, 2, 2, machines=(2, 2))
    assert environment.pins == {}


def test_a_machine_whose_callers_were_shared_by_hand_is_taken_back_whole() -> None:
    environment = FakeEnvironment()
    environment.apply(NAMESAKE)
    environment.machines.point(MACHINE_ARN.format("list_dragons"), "live", "1", {"2": 0.1})
    assert environment.run("rollback")[0] == "state_machines/list_dragons: canary 2 -> 1"
    assert at(environment, 1, 1, 1)
