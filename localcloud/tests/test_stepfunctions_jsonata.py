"""JSONata, as Step Functions puts data into an expression."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from localstack.services.stepfunctions.asl.jsonata import jsonata

from localcloud.stepfunctions.jsonata import apply, evaluate

texts = st.text(st.characters(exclude_categories=["Cs"]))


def given_data(data: Any, expression: str) -> Any:
    """Evaluate an expression as LocalStack does: what it reads is declared in front of it."""
    declared = jsonata.encode_jsonata_variable_declarations({"$states": data})
    return evaluate(jsonata.compose_jsonata_expression(expression, [declared]))


@given(st.dictionaries(texts, st.integers(0, 10**9), max_size=5))
def test_pairs_become_an_object_whatever_their_texts(pairs: dict[str, int]) -> None:
    rows = [{"name": {"S": name}, "number": {"N": str(number)}} for name, number in pairs.items()]
    found = given_data({"rows": rows}, "$merge([{}, $states.rows.{ 'a' & name.S: $number(number.N) }])")
    assert found == {f"a{name}": number for name, number in pairs.items()}
    assert json.loads(json.dumps(found)) == found


def test_what_is_not_there_is_left_out_of_an_object_and_is_not_null() -> None:
    assert given_data({}, "{'next': $states.next}") == {}
    assert given_data({}, "$exists($states.next)") is False
    assert given_data({"next": None}, "$exists($states.next)") is True


@pytest.mark.parametrize("expression", ["(", "$nothing()", "$error('scorched')", "'a' + 1"])
def test_what_cannot_be_evaluated_fails_as_localstack_expects(expression: str) -> None:
    with pytest.raises(jsonata.JSONataException):
        evaluate(expression)


def test_branches_evaluate_at_once() -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda number: evaluate(f"$sum([1..{number}])"), range(1, 40)))
    assert found == [number * (number + 1) // 2 for number in range(1, 40)]


def test_localstack_evaluates_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonata, "_eval_jsonata", None)
    apply()
    assert jsonata.eval_jsonata_expression("1 + 1") == 2
