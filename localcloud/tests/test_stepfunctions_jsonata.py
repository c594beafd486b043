"""JSONata as AWS evaluates it: values as they are, AWS's own functions, and nothing of Java."""

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.stepfunctions import jsonata
from tests.running_cloud import Cloud

INPUT = {"nothing": None, "none": [], "one": [{"y": 1}], "many": [{"y": 1}, {"y": 3}, {"y": 2}], "a b": 3}


def evaluated(expression: str) -> Any:
    return jsonata.evaluate(expression, {"states": {"input": INPUT}, "word": 'it\'s "quoted"\n'})


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$word", 'it\'s "quoted"\n'),
        ("$states.input.nothing", None),
        ("$states.input.nothing = null", True),
        ("$exists($states.input.nothing)", True),
        ("$exists($states.input.other)", False),
        ("$states.input.none", []),
        ("$states.input.one.y", 1),
        ("$states.input.one.y[]", [1]),
        ("$states.input.many[y > 1].y", [3, 2]),
        ("$states.input.many^(>y).y", [3, 2, 1]),
        ("$lookup($states.input, 'a b')", 3),
        ("{'numbers': [1..3], 'left out': $states.input.other}", {"numbers": [1, 2, 3]}),
        ("$map([1, 2], function($v, $i) { $v * 10 + $i })", [10, 21]),
        ("($x := 5; $x * 2)", 10),
        ("10 / 4", 2.5),
        ("$contains('a needle', /need/)", True),
        ("$string($states.input.one)", '[{"y":1}]'),
        # AWS's own: the first five as LocalStack's tests have recorded them
        ("$partition([0, 1, 2], 2)", [[0, 1], [2]]),
        ("$partition([0, 1], 5)", [[0, 1]]),
        ("$range(0, 10, 3)", [0, 3, 6, 9]),
        ("$range(1, 9, 9)", 1),
        ("""$parse('{"Arg1": 1, "Arg2": [null]}')""", {"Arg1": 1, "Arg2": [None]}),
        ("$range(3, 1, -1)", [3, 2, 1]),
        ("$hash('input data', 'SHA-1')", "aaff4a450a104cd177d28d18d74485e8cae074b7"),
        ("$random(5) = $random(5)", True),
        ("$length($uuid())", 36),
    ],
)
def test_expressions(expression: str, value: Any) -> None:
    found = evaluated(expression)
    assert found == value
    assert type(found) is type(value)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(values)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    assert jsonata.evaluate("$value", {"value": value}) == value


def test_nothing_is_changed_in_what_an_expression_is_given() -> None:
    before = {"list": [None, {"a": None}]}
    jsonata.evaluate("$states", {"states": before})
    assert before == {"list": [None, {"a": None}]}


def test_branches_evaluate_at_once() -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda number: evaluated(f"$sum([1..{number}])"), range(1, 40)))
    assert found == [number * (number + 1) // 2 for number in range(1, 40)]


def test_no_java_is_started() -> None:
    assert evaluated("1 + 1") == 2
    jpype = sys.modules.get("jpype")
    assert jpype is None or not jpype.isJVMStarted()


JSONATA: dict[str, Any] = {
    "Assign": {
        "Type": "Pass",
        "Assign": {"limit": "{% $states.input.limit %}", "word": "{% $states.input.word %}"},
        "Next": "Choose",
    },
    "Choose": {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $limit > 2 and $word = 'a\"b' %}", "Next": "Map"}],
        "Default": "Refuse",
    },
    "Map": {
        "Type": "Map",
        "Items": "{% $states.input.items %}",
        "ItemProcessor": {"StartAt": "Item", "States": {"Item": {"Type": "Pass", "Output": "", "End": True}}},
        "Next": "Call",
    },
    "Call": {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:sts:getCallerIdentity",
        "Arguments": {},
        "Assign": {"account": "{% $states.result.Account %}"},
        "Output": {"items": "{% $states.input %}", "state": "{% $states.context.State.Name %}"},
        "Next": "Fail",
    },
    "Fail": {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:getItem",
        "Arguments": {"TableName": "{% $none %}"},
        "Catch": [
            {
                "ErrorEquals": ["States.QueryEvaluationError"],
                "Output": "{% $merge([$states.input, {'account': $account}, $states.errorOutput]) %}",
                "Next": "End",
            }
        ],
        "End": True,
    },
    "End": {"Type": "Succeed"},
    "Refuse": {"Type": "Fail", "Error": "{% 'Ref' & 'used' %}", "Cause": "{% $word %}"},
}
JSONATA["Map"]["ItemProcessor"]["States"]["Item"]["Output"] = (
    "{% $string($states.context.Map.Item.Index) & $word & $states.input %}"
)


@pytest.mark.xdist_group("cloud")
def test_a_machine_in_jsonata(cloud: Cloud) -> None:
    given = {"limit": 3, "word": 'a"b', "items": ["x", "y"]}
    execution = cloud.run(JSONATA, given, QueryLanguage="JSONata")
    assert execution.output == {
        "items": ['0a"bx', '1a"by'],
        "state": "Call",
        "account": "000000000000",
        "Error": "States.QueryEvaluationError",
        "Cause": "The JSONata expression '$none' returned nothing (undefined).",
    }
    refused = cloud.run(JSONATA, given | {"limit": 1}, QueryLanguage="JSONata")
    assert (refused.status, refused.error, refused.cause) == ("FAILED", "Refused", 'a"b')


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("$states.input.none", "returned nothing (undefined)."),
        ("$none()", "threw an error during evaluation. T1006: Attempted to invoke a non-function"),
        ("$error('boom')", "threw an error during evaluation. D3137: boom"),
        ("$hash('a', 'none')", "threw an error during evaluation. ValueError: unsupported hash type none"),
        ("$sum", "returned an unsupported result type."),
    ],
)
@pytest.mark.xdist_group("cloud")
def test_an_expression_that_cannot_be_evaluated(cloud: Cloud, expression: str, words: str) -> None:
    state = {"Type": "Pass", "Output": f"{{% {expression} %}}", "End": True}
    execution = cloud.run({"State": state}, QueryLanguage="JSONata")
    assert execution.error == "States.QueryEvaluationError"
    where = "An error occurred while executing the state 'State' (entered at the event id #2)."
    assert execution.cause == f"{where} The JSONata expression '{expression}' {words}"
    assert execution.events[2:] == ["EvaluationFailed", "ExecutionFailed"]


@pytest.mark.xdist_group("cloud")
def test_a_variable_with_quotes_in_jsonpath(cloud: Cloud) -> None:
    states = {
        "Assign": {"Type": "Pass", "Assign": {"word.$": "$.word", "text": '{"a": "b"}'}, "Next": "Use"},
        "Use": {
            "Type": "Pass",
            "Parameters": {"word.$": "$word", "parsed.$": "States.StringToJson($text)"},
            "End": True,
        },
    }
    assert cloud.run(states, {"word": 'a"b\n'}).output == {"word": 'a"b\n', "parsed": {"a": "b"}}
