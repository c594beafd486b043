"""JSONata, evaluated in Python: LocalStack starts a Java machine for it, which it downloads.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html. Left out: what
jsonata-python leaves out of JSONata 2.0, and AWS's limits on an expression's time and memory.
"""

import json
import threading
from typing import Any

from localstack.services.stepfunctions.asl.jsonata import jsonata

_evaluating = (
    threading.Lock()
)  # the library sets itself up with its first expression, and branches come at once


def apply() -> None:
    """Take the place of LocalStack's evaluation."""
    jsonata._eval_jsonata = evaluate


def evaluate(expression: str) -> Any:
    """Evaluate an expression, in which LocalStack has declared all variables.

    Raises:
        JSONataException: It is no expression, or fails: on AWS, States.QueryEvaluationError.
    """
    from jsonata.jsonata import Jsonata  # with the first expression, and not as the cloud starts

    with _evaluating:
        try:
            # as plain JSON: a character beyond 16 bits comes back as its two halves
            return json.loads(json.dumps(Jsonata(expression).evaluate(None)))
        except Exception as error:
            raise jsonata.JSONataException("UNKNOWN", str(error)) from error
