"""A file put into the bucket becomes dragons, each line once, and a result that says what came of it."""

import json
import random
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from dragons.imports import ImportFile
from support.cloud_process import processes_of
from support.imports import Imports, as_csv, as_json_lines
from support.system import Report, poll

Aws = Callable[[str], Any]
DUPLICATE = "Duplicate dragon reported"
KILLED = {"read_import": 3, "validate_dragon": 4, "finish_import": 3}
"""How often a function dies at most: not more often than the least lucky of its invocations is repeated."""


def line(number: int, report: Report, outcome: str = "accepted", reason: str | None = None) -> dict[str, Any]:
    return {"line": number, "dragonName": report["dragonName"], "outcome": outcome, "reason": reason}


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_each_line_is_told_in_order_and_a_bad_one_stops_no_other(imports: Imports, kind: str) -> None:
    good, other = imports.report(), imports.report(description='two\r\nlines, "quoted" ü')
    refused, last = imports.report(reportingPhoneNumber="none", family=""), imports.report()
    rows = [good, refused, other, good, last]
    content = as_csv(rows, fields=sorted(good)) if kind == "csv" else as_json_lines(rows)
    first, second, third, fourth, fifth = imports.imported(f"Fáfnir & co (1).{kind}", content)
    assert second.pop("reason").startswith("family must be longer than or equal to 1 characters; reporting")
    assert second == {"line": 2, "dragonName": refused["dragonName"], "outcome": "refused"}
    assert (third, fifth) == (line(3, other), line(5, last))
    # lines are reported at once, so that either of the two may be first
    both = [line(1, good), line(4, good, "duplicate", DUPLICATE)]
    swapped = [line(1, good, "duplicate", DUPLICATE), line(4, good)]
    assert [first, fourth] in (both, swapped)
    names = {each["dragonName"] for each in (good, other, last)}
    assert set(imports.on_record({*names, refused["dragonName"]})) == names


def test_the_same_file_imports_nothing_twice_and_says_so(imports: Imports) -> None:
    reports = [imports.report() for _ in range(3)]
    content = as_csv(reports)
    first = imports.put("first.csv", content)
    assert imports.result(first) == [line(number, each) for number, each in enumerate(reports, start=1)]
    recorded = imports.on_record({each["dragonName"] for each in reports})
    assert set(recorded.values()) == {f"{first.import_id}-{number}" for number in (1, 2, 3)}
    again = [imports.put(name, content) for name in ("first.csv", "other name.csv")]
    reason = f"{DUPLICATE}; the file is the same as {first.key}, which was put before"
    for file in again:
        assert imports.result(file) == [
            line(number, each, "duplicate", reason) for number, each in enumerate(reports, start=1)
        ]
    assert imports.on_record(set(recorded)) == recorded


def test_a_notification_that_comes_again_starts_nothing_again(
    imports: Imports, outputs: dict[str, Any], aws: Aws
) -> None:
    report = imports.report()
    file = imports.put("told twice.jsonl", as_json_lines([report]))
    result, history = imports.result(file), imports.history(file)
    told = {"key": file.key.replace(" ", "+"), "versionId": file.version_id}
    event = json.dumps({"Records": [{"s3": {"object": told}}]})
    answer = aws("lambda").invoke(FunctionName=outputs["functions"]["start_import"], Payload=event)
    assert "FunctionError" not in answer
    assert (imports.result(file), imports.history(file)) == (result, history)


def test_a_result_is_no_file_to_import(imports: Imports) -> None:
    result = imports.put(f"/results/{imports.folder}/put by hand.csv", as_csv([imports.report()]))
    report = imports.report()
    file = imports.put("behind it.csv", as_csv([report]))
    assert imports.result(file) == [line(1, report)]
    assert imports.started(file)
    assert not imports.started(result)
    assert not imports.started(ImportFile(file.result_key, ""))


def test_an_import_goes_the_way_that_its_machine_says(imports: Imports) -> None:
    file = imports.put("followed.csv", as_csv([imports.report(), imports.report()]))
    imports.result(file)
    history = imports.history(file)
    entered = [
        event["stateEnteredEventDetails"]["name"] for event in history if "stateEnteredEventDetails" in event
    ]
    assert entered == [
        "ReadImport",
        "AnyReports",
        "ImportLines",
        "FinishImport",
        "AnnounceImport",
        "ImportDone",
    ]
    kinds = [event["type"] for event in history]
    assert kinds.count("MapRunStarted") == kinds.count("MapRunSucceeded") == 1
    assert kinds.count("TaskSucceeded") == 3
    assert not [kind for kind in kinds if kind.endswith(("Failed", "TimedOut"))]


def test_a_file_of_no_report_is_not_mapped(imports: Imports) -> None:
    file = imports.put("nothing to report.jsonl", b"{\n")
    assert imports.result(file) == [
        {"line": 1, "dragonName": None, "outcome": "refused", "reason": "is not JSON"}
    ]
    history = imports.history(file)
    entered = [
        event["stateEnteredEventDetails"]["name"] for event in history if "stateEnteredEventDetails" in event
    ]
    assert entered == ["ReadImport", "AnyReports", "FinishImport", "AnnounceImport", "ImportDone"]


def test_three_hundred_lines_survive_functions_that_die(imports: Imports, outputs: dict[str, Any]) -> None:
    reports = [imports.report() for _ in range(300)]
    functions = {outputs["functions"][name].split(":")[6]: most for name, most in KILLED.items()}
    done, killed = threading.Event(), Counter[str]()

    def kill() -> None:
        """Kill one of the functions' processes after the other, whatever it does."""
        while not done.wait(random.uniform(0.5, 3)):
            processes = [
                (name, each)
                for name, most in functions.items()
                if killed[name] < most
                for each in processes_of(name)
            ]
            if processes:
                name, process = random.choice(processes)
                killed[name] += 1
                process.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        file = imports.put("three hundred.csv", as_csv(reports))
        found = imports.result(file)
    finally:
        done.set()
        killer.join()
    assert found == [line(number, each) for number, each in enumerate(reports, start=1)]
    assert imports.on_record({each["dragonName"] for each in reports}) == {
        each["dragonName"]: f"{file.import_id}-{number}" for number, each in enumerate(reports, start=1)
    }
    failed = [
        event["taskFailedEventDetails"] for event in imports.history(file) if event["type"] == "TaskFailed"
    ]
    assert {each["error"] for each in failed} <= {"Runtime.ExitError"}
    if not killed:
        pytest.skip("the target does not run its functions as processes of this machine")


def test_a_line_whose_report_fails_is_told_and_imported_when_the_file_is_put_again(imports: Imports) -> None:
    reports = [imports.report() for _ in range(3)]
    content = as_json_lines(reports)
    file = imports.put(f"/results/{imports.folder}/stopped.jsonl", content)  # which starts nothing by itself
    stopped = f"{file.import_id}-2"
    imports.stop_report(stopped)
    imports.start(file)
    reason = f"The report {stopped} could not be processed"
    assert imports.result(file) == [
        line(1, reports[0]),
        line(2, reports[1], "failed", reason),
        line(3, reports[2]),
    ]
    again = imports.imported("stopped.jsonl", content)
    assert [each["outcome"] for each in again] == ["duplicate", "accepted", "duplicate"]


def test_a_report_that_was_made_before_is_read_and_not_made_again(imports: Imports) -> None:
    reports = [imports.report(), imports.report(family="")]
    file = imports.put("by hand.jsonl", as_json_lines(reports))
    result, recorded = imports.result(file), imports.on_record({reports[0]["dragonName"]})
    imports.start(file, name=f"{file.import_id}-again")
    assert [each["outcome"] for each in result] == ["accepted", "refused"]
    assert imports.result(file) == result
    assert imports.on_record(set(recorded)) == recorded


def test_what_cannot_be_started_ends_in_the_dead_letter_queue(outputs: dict[str, Any], aws: Aws) -> None:
    event = {"Records": [{"s3": {"object": {"named": f"{random.random()}"}}}]}
    aws("lambda").invoke(
        FunctionName=outputs["functions"]["start_import"], InvocationType="Event", Payload=json.dumps(event)
    )
    queue, url = aws("sqs"), outputs["dead_letter_queues"]["start_import"]

    def dead_letter() -> dict[str, Any] | None:
        for message in queue.receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages", []):
            letter: dict[str, Any] = json.loads(message["Body"])
            if letter["requestPayload"] == event:
                queue.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                return letter
        return None

    # on AWS, it is tried again after one minute and after two more
    letter = poll(dead_letter, "the event to reach the dead-letter queue", seconds=300)
    assert letter["requestContext"]["condition"] == "RetriesExhausted"
    assert letter["requestContext"]["approximateInvokeCount"] == 3
    assert letter["responsePayload"]["errorType"] == "KeyError"
