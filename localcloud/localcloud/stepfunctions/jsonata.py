"""JSONata, evaluated by jsonata-python: LocalStack would download Java for it.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html; the causes of errors are
recorded in LocalStack's test_math_operations_jsonata and test_assign_reference_variables (snapshot.json).
An expression gets its variables as values; LocalStack writes them into its text, where a quote ends them.
Left out: the field's name in a cause and its location, the refusal of `$`, `$$` and `$eval`.
"""

import hashlib
import json
import random
import threading
import uuid
from collections.abc import Callable
from typing import Any

from jsonata.jsonata import Jsonata
from jsonata.utils import Utils
from localstack.aws.api.stepfunctions import EvaluationFailedEventDetails, HistoryEventType
from localstack.services.stepfunctions.asl.component.common.error_name import error_name, failure_event
from localstack.services.stepfunctions.asl.component.common.string import string_expression
from localstack.services.stepfunctions.asl.eval.event.event_detail import EventDetails
from localstack.services.stepfunctions.asl.eval.variable_store import VariableStore
from localstack.services.stepfunctions.asl.parse import preprocessor

_UNDEFINED = object()
# The library sets itself up with its first expression, and branches come at once.
_evaluating = threading.Lock()


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "hash": lambda text, name: hashlib.new(name.replace("-", ""), text.encode()).hexdigest(),
    "parse": lambda text: _bound(json.loads(text)),
    "partition": lambda items, size: [items[at : at + size] for at in range(0, len(items), int(size))],
    "random": lambda seed=None: random.Random(seed).random(),  # noqa: S311 - as AWS's
    "range": lambda first, last, step: _sequence(range(first, last + (1 if step > 0 else -1), step)),
    "uuid": lambda: str(uuid.uuid4()),
}


def _sequence(items: range) -> Any:
    """As recorded: one number is no list."""
    return Utils.create_sequence_from_iter(items) or []


class _UnsupportedTypeError(Exception):
    pass


def apply() -> None:
    """Evaluate JSONata's strings, and JSONPath's references of variables, here.

    LocalStack has the texts in Assign as they are written, for its evaluation to unescape, and tells the
    values of variables in the history without escaping them.
    """
    expressions: Any = string_expression
    expressions.StringJSONata._eval_body = _evaluate
    expressions.StringVariableSample._eval_body = _evaluate
    parser: Any = preprocessor.Preprocessor
    parser.visitAssign_template_value_terminal_string_literal = _text
    store: Any = VariableStore
    store.get_assigned_variables = _assigned


def _text(_parser: Any, tree: Any) -> Any:
    parsing: Any = preprocessor
    return parsing.AssignTemplateValueTerminalLit(parsing.from_string_literal(tree.string_literal()))


def _assigned(store: Any) -> dict[str, str]:
    told = {name: store.get(name) for name in store._declaration_tracing}
    return {
        name: json.dumps(value, ensure_ascii=False, separators=(",", ":")) for name, value in told.items()
    }


def _evaluate(string: Any, env: Any) -> None:
    variables = env.variable_store
    values = {**variables._outer_scope, **variables._inner_scope, "states": env.states._states_data}
    said = f"The JSONata expression '{string.expression}'"
    try:
        found = evaluate(string.expression, values)
    except _UnsupportedTypeError:
        _fail(env, f"{said} returned an unsupported result type.")
    except Exception as error:
        code = getattr(error, "error", type(error).__name__)  # JSONata's, or what a function raises
        words = (
            getattr(error, "current", error) if code == "D3137" else error
        )  # $error's, which it leaves out
        _fail(env, f"{said} threw an error during evaluation. {code}: {words}")
    if found is _UNDEFINED:
        _fail(env, f"{said} returned nothing (undefined).")
    env.stack.append(found)


def evaluate(expression: str, values: dict[str, Any]) -> Any:
    """Evaluate an expression with values by their names; undefined is an object of its own."""
    with _evaluating:
        query: Any = Jsonata(expression)
        frame = query.create_frame(query.environment)
        for name, function in _FUNCTIONS.items():
            frame.bind(name, query.JLambda(function))
        for name, value in values.items():
            frame.bind(name, _bound(value))
        found = query.eval(query.ast, None, frame)
    return _UNDEFINED if found is None else _plain(found)


def _bound(value: Any) -> Any:
    """As jsonata-python has it: None would be undefined."""
    if isinstance(value, dict):
        return {name: _bound(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_bound(each) for each in value]
    return Utils.NULL_VALUE if value is None else value


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(value[at]) for at in range(len(value))]  # iterating over `[1..3]` leaves out 3
    if value is Utils.NULL_VALUE or isinstance(value, str | bool | int | float):
        return None if value is Utils.NULL_VALUE else value
    raise _UnsupportedTypeError


def _fail(env: Any, cause: str) -> None:
    error = "States.QueryEvaluationError"
    details = EventDetails(
        evaluationFailedEventDetails=EvaluationFailedEventDetails(error=error, cause=cause)
    )
    name = error_name.ErrorName(error)
    failed = failure_event.FailureEvent(env, name, HistoryEventType.EvaluationFailed, details)
    raised = failure_event.FailureEventException(failed)
    decorated: Any = {"evaluationFailedEventDetails": raised.get_evaluation_failed_event_details()}
    env.event_manager.add_event(env.event_history_context, HistoryEventType.EvaluationFailed, decorated)
    raise raised
