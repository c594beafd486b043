"""The definition of `report_dragon` against the language, and against the design."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from localstack.services.stepfunctions.asl.parse.asl_parser import AmazonStateLanguageParser

from contract.rendering import state_machine
from dragons import registry
from dragons.fields import RECORD_NAMES
from dragons.review_tasks import REFUSED
from dragons.reviews import from_message
from validate_dragon.validate import OF_THE_WORKFLOW

LANGUAGE = json.loads((Path(__file__).parent / "asl.schema.json").read_text(encoding="utf-8"))
MACHINE: dict[str, Any] = json.loads(state_machine())
STATES: dict[str, dict[str, Any]] = MACHINE["States"]
TEXT_MESSAGES = ["off", "confirmed", "any"]
TASKS = [name for name, state in STATES.items() if state["Type"] == "Task"]
ALERTS = {"AlertAddDragonSuccess", "AlertDragonValidationFailure"}
COUNTS = ["CountFirstText", "CountText"]


def transitions(state: dict[str, Any]) -> list[str]:
    rules = [*state.get("Choices", []), *state.get("Catch", []), state]
    return [rule[key] for rule in rules for key in ("Next", "Default") if key in rule]


def reached(states: dict[str, dict[str, Any]]) -> set[str]:
    """The states that an execution may come to."""
    found, pending = set[str](), [MACHINE["StartAt"]]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += transitions(states.get(name, {}))
    return found


@pytest.mark.parametrize("text_messages", TEXT_MESSAGES)
def test_it_is_in_the_language(text_messages: str) -> None:
    jsonschema.Draft7Validator.check_schema(LANGUAGE)
    jsonschema.Draft7Validator(LANGUAGE).validate(json.loads(state_machine(text_messages)))


@pytest.mark.parametrize("text_messages", TEXT_MESSAGES)
def test_a_second_parser_reads_it(text_messages: str) -> None:
    program, _ = AmazonStateLanguageParser.parse(state_machine(text_messages))
    assert program is not None


@pytest.mark.parametrize("text_messages", TEXT_MESSAGES)
def test_no_text_is_sent_unless_it_is_allowed(text_messages: str) -> None:
    states = json.loads(state_machine(text_messages))["States"]
    choices = [states[name]["Choices"] for name in ("ConfirmationRequired", "ReporterKnown")]
    for rule in (rule for rules in choices for rule in rules):
        allowed = [test for test in rule["And"] if test["Variable"] == "$.textAllowed"]
        assert ({"Variable": "$.textAllowed", "BooleanEquals": True} in allowed) is (text_messages != "any")
        assert ({"Variable": "$.textAllowed", "IsPresent": True} in allowed) is (text_messages != "any")


def test_no_text_of_a_reporters_is_sent_unless_it_is_counted() -> None:
    assert {
        name for name, each in STATES.items() if each.get("Resource", "").endswith("sns:publish")
    } == ALERTS
    assert reached(STATES) >= ALERTS
    for name in ("ConfirmationRequired", "ReporterKnown"):
        counted, by_hand = STATES[name]["Choices"]
        of_a_reporter = [
            {"Variable": "$.reporterSub", "IsPresent": True},
            {"Variable": "$.reporterSub", "IsString": True},
        ]
        assert counted == by_hand | {"Next": "CountFirstText", "And": [*by_hand["And"], *of_a_reporter]}


def test_a_count_is_of_one_reporter_and_one_day() -> None:
    first, further = (STATES[name]["Parameters"] for name in COUNTS)
    assert first["Key"] == further["Key"] == {"sub": {"S.$": "$.reporterSub"}}
    assert first["ConditionExpression"] == "attribute_not_exists(text_day) OR text_day < :today"
    assert first["ExpressionAttributeValues"][":today"] == {
        "S.$": "States.ArrayGetItem(States.StringSplit($$.Execution.StartTime, 'T'), 0)"
    }
    assert further["ConditionExpression"] == "texts < :limit"
    assert further["ExpressionAttributeValues"][":limit"] == {"N": "10"}
    [taken, *_] = STATES["CountFirstText"]["Catch"]
    assert taken["ErrorEquals"] == ["DynamoDB.ConditionalCheckFailedException"]
    assert (taken["ResultPath"], taken["Next"]) == (None, "CountText")


@pytest.mark.parametrize("name", COUNTS)
def test_a_text_that_cannot_be_counted_is_not_sent_and_changes_no_outcome(name: str) -> None:
    assert STATES[name]["Catch"][-1] == {
        "ErrorEquals": ["States.ALL"],
        "ResultPath": "$.alertError",
        "Next": "TextCounted",
    }
    for rule in STATES["TextCounted"]["Choices"]:
        tests = rule.get("And", [rule])
        uncounted = any(test["Variable"] == "$.alertError" for test in tests)
        refused = any(test["Variable"] == "$.error" for test in tests)
        assert all(test["IsPresent"] for test in tests)
        kind = "DragonValidationFailure" if refused else "AddDragonSuccess"
        assert rule["Next"] == ("NoAlert" if uncounted else "Alert") + kind


@pytest.mark.parametrize(
    "mistake",
    [
        {"Type": "Task", "Resource": "arn:aws:states:::sns:publish"},
        {"Type": "Task", "Resource": "sns:publish", "End": True},
        {"Type": "Pass", "Next": "Elsewhere", "End": True},
        {"Type": "Pass", "End": True, "Parameters": {"deep": {"name.$": "no path"}}},
        {"Type": "Pass", "End": True, "Parameters": {"each": [{"name.$": "no path"}]}},
        {"Type": "Choice", "Choices": [{"Variable": "$.x", "BooleanEquals": True}]},
        {"Type": "Fail", "Error": "Known", "ErrorPath": "$.error"},
        {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": True, "Retry": [{}]},
    ],
)
def test_the_schema_sees_mistakes(mistake: dict[str, Any]) -> None:
    machine = {"StartAt": "Only", "States": {"Only": mistake}}
    assert not jsonschema.Draft7Validator(LANGUAGE).is_valid(machine)


def test_every_transition_leads_to_a_state_and_every_state_is_reached() -> None:
    assert reached(STATES) == set(STATES)


def test_the_states_of_the_design_are_there_by_name() -> None:
    assert MACHINE["StartAt"] == "ValidateDragon"
    assert STATES["ValidateDragon"]["Next"] == "FindFamily"
    assert STATES["FindFamily"]["Next"] == "FamilyKnown"
    assert set(transitions(STATES["FamilyKnown"])) == {"AddDragon", "ReviewDragon"}
    assert STATES["ReviewDragon"]["Next"] == "AddDragon"
    assert STATES["AddDragon"]["Next"] == "ConfirmationRequired"
    assert set(transitions(STATES["ConfirmationRequired"])) == {
        "CountFirstText",
        "AlertAddDragonSuccess",
        "NoAlertAddDragonSuccess",
    }
    assert STATES["TextCounted"]["Default"] == "AlertAddDragonSuccess"
    assert STATES["CatchAllFailure"]["Type"] == "Fail"


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_timed_and_retried_and_caught(name: str) -> None:
    task = STATES[name]
    assert task["TimeoutSeconds"] < MACHINE["TimeoutSeconds"]
    assert all(retrier["BackoffRate"] > 1 for retrier in task["Retry"])
    assert all(retrier["JitterStrategy"] == "FULL" for retrier in task["Retry"])
    assert all("MaxDelaySeconds" in retrier for retrier in task["Retry"])
    assert task["Catch"][-1]["ErrorEquals"] == ["States.ALL"]


@pytest.mark.parametrize("name", TASKS)
def test_a_task_keeps_its_input(name: str) -> None:
    noted = {"FindFamily": "$.familyOnRecord", "ReviewDragon": "$.review"}
    assert STATES[name]["ResultPath"] == noted.get(name)
    assert {path.removeprefix("$.") for path in noted.values()} <= OF_THE_WORKFLOW, "validated again, perhaps"
    assert all(catcher["ResultPath"] != "$" for catcher in STATES[name]["Catch"])


def test_lambdas_own_failures_are_retried_and_refusals_are_not() -> None:
    retried = {error for rule in STATES["ValidateDragon"]["Retry"] for error in rule["ErrorEquals"]}
    assert {
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
        "Lambda.TooManyRequestsException",
        "Lambda.Unknown",
        "Runtime.ExitError",
    } <= retried
    assert not {"DragonValidationException", "States.ALL", "States.TaskFailed"} & retried


def test_a_refusal_is_caught_by_name_and_its_reason_kept() -> None:
    catcher = STATES["ValidateDragon"]["Catch"][0]
    assert catcher["ErrorEquals"] == ["DragonValidationException"]
    assert catcher["ResultPath"] == "$.error"
    assert STATES["ReadRefusal"]["ResultPath"] == "$.error"
    message = STATES["AlertDragonValidationFailure"]["Parameters"]["Message.$"]
    assert "$.error.Cause.errorMessage" in message


def test_the_record_is_the_dragons_fields_and_its_report_under_the_designs_condition() -> None:
    parameters = STATES["AddDragon"]["Parameters"]
    assert set(parameters["Item"]) == {*RECORD_NAMES.values(), registry.ATTRIBUTE, "report_id"}
    assert parameters["Item"].items() >= registry.ITEM.items()
    assert parameters["Item"]["report_id"] == {"S.$": "$$.Execution.Name"}
    assert (
        parameters["ConditionExpression"] == "attribute_not_exists(dragon_name_str) OR report_id = :reportId"
    )


def test_a_name_taken_meanwhile_goes_back_to_be_refused_in_words() -> None:
    catcher = STATES["AddDragon"]["Catch"][0]
    assert catcher["ErrorEquals"] == ["DynamoDB.ConditionalCheckFailedException"]
    assert catcher["Next"] == "ValidateDragon"
    assert catcher["ResultPath"] is None


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_a_text_that_cannot_be_sent_changes_no_outcome(name: str) -> None:
    (catcher,) = STATES[name]["Catch"]
    assert STATES[catcher["Next"]] == {"Type": "Pass", "End": True}
    assert catcher["ResultPath"] == "$.alertError"


def test_a_refusal_is_announced_before_its_reporter_is_told_and_stays_one_if_that_fails() -> None:
    assert STATES["ReadRefusal"]["Next"] == "DragonNamed"
    assert set(transitions(STATES["DragonNamed"])) == {"AnnounceRefusal", "ReporterKnown"}
    announce = STATES["AnnounceRefusal"]
    assert announce["Resource"] == "arn:aws:states:::events:putEvents"
    assert set(transitions(announce)) == {"ReporterKnown"}
    # what says that a text failed has another path: it decides which text is sent
    assert [catcher["ResultPath"] for catcher in announce["Catch"]] == ["$.announceError"]


def test_an_announcement_reads_only_what_is_there() -> None:
    # A path that finds nothing is States.Runtime, which no Catch takes:
    # https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    [entry] = STATES["AnnounceRefusal"]["Parameters"]["Entries"]
    read = {path for name, path in entry["Detail"].items() if name.endswith(".$")}
    [rule] = STATES["DragonNamed"]["Choices"]
    assert {test["Variable"] for test in rule["And"]} == {"$.dragon_name_str"}
    assert {path for path in read if not path.startswith("$$.")} == {
        "$.dragon_name_str",
        "$.error.Cause.errorMessage",  # of the refusal that ReadRefusal has read
    }


@pytest.mark.parametrize(("known_from", "of_new_families"), [("1", "ReviewDragon"), ("0", "AddDragon")])
def test_a_family_is_known_by_one_dragon_on_record_and_always_without_reviews(
    known_from: str, of_new_families: str
) -> None:
    states = json.loads(state_machine(known_from=known_from))["States"]
    query = states["FindFamily"]["Parameters"]
    assert query["ExpressionAttributeValues"] == {":family": {"S.$": "$.family_str"}}
    assert (query["Select"], query["Limit"]) == ("COUNT", 1)
    assert states["FindFamily"]["ResultSelector"] == {"dragons.$": "$.Count"}
    rule, vouched = states["FamilyKnown"]["Choices"]
    assert (rule["Variable"], rule["Next"]) == ("$.familyOnRecord.dragons", "AddDragon")
    known = [dragons for dragons in (0, 1) if dragons >= rule["NumericGreaterThanEquals"]]
    assert ("ReviewDragon" if 0 not in known else "AddDragon") == of_new_families
    assert 1 in known
    assert {test["Variable"] for test in vouched["And"]} == {"$.newFamilyAllowed"}  # of an import
    assert "newFamilyAllowed" in OF_THE_WORKFLOW
    assert vouched["Next"] == "AddDragon"


def test_a_reviewer_is_told_of_the_dragon_and_of_nobodys_number() -> None:
    message = STATES["ReviewDragon"]["Parameters"]["MessageBody"]
    dragon = message.pop("dragon")
    assert dragon == {f"{name}.$": f"$.{name}" for name in RECORD_NAMES.values()}
    assert message == {
        "token.$": "$$.Task.Token",
        "reportId.$": "$$.Execution.Name",
        "since.$": "$$.State.EnteredTime",
        "deadlineSeconds": STATES["ReviewDragon"]["TimeoutSeconds"],
    }
    known = {"$$.Task.Token": "token", "$$.State.EnteredTime": "2026-11-28T12:00:00.123Z"}
    sent = {name.removesuffix(".$"): known.get(str(value), value) for name, value in message.items()}
    found = from_message(json.dumps(sent | {"dragon": {"dragon_name_str": "Cinder"}}))
    assert found.deadline == "2026-12-01T12:00:00.123Z"


def test_what_comes_of_a_review_has_a_way_of_its_own() -> None:
    review = STATES["ReviewDragon"]
    assert review["HeartbeatSeconds"] < review["TimeoutSeconds"]
    assert review["Retry"][0]["ErrorEquals"] == ["States.HeartbeatTimeout"]
    refused, lost, late, _ = review["Catch"]
    assert (refused["ErrorEquals"], refused["Next"]) == ([REFUSED], "ReadRefusal")
    # States.Timeout is a lost heartbeat, too: the name of that alone has to come first
    assert (lost["ErrorEquals"], lost["Next"]) == (["States.HeartbeatTimeout"], "CatchAllFailure")
    assert (late["ErrorEquals"], late["Next"]) == (["States.Timeout"], "ReviewTimedOut")


def test_a_deadline_that_has_passed_is_a_refusal_with_that_reason() -> None:
    passed = STATES["ReviewTimedOut"]
    assert passed["Result"]["Cause"] == {"errorMessage": "No reviewer decided within 72 hours"}
    assert (passed["ResultPath"], passed["Next"]) == ("$.error", STATES["ReadRefusal"]["Next"])


def test_the_machine_outlives_a_review_that_was_lost_at_its_end() -> None:
    review = STATES["ReviewDragon"]
    assert MACHINE["TimeoutSeconds"] > 2 * review["TimeoutSeconds"] + review["HeartbeatSeconds"]
