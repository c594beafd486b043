"""Paths and definitions parsed once.

LocalStack parses each JSONPath whenever it is evaluated, building the parser's tables anew, and the
definition with every execution: two thirds of the time that an execution takes.

Nothing of an execution is kept in what a parser returns: LocalStack itself evaluates the same states in
several threads, one for each item of a Map.
"""

from functools import lru_cache
from typing import Any

from localstack.services.stepfunctions.asl.component.common.path import result_path
from localstack.services.stepfunctions.asl.component.eval_component import EvalComponent
from localstack.services.stepfunctions.asl.parse.asl_parser import AmazonStateLanguageParser
from localstack.services.stepfunctions.asl.utils import json_path
from localstack.services.stepfunctions.backend.execution_worker import ExecutionWorker

_PATHS = 4096
_DEFINITIONS = 64


def apply() -> None:
    """Put a cache before both parsers; a definition that does not parse raises each time."""
    modules: tuple[Any, ...] = (json_path, result_path)
    for module in modules:
        module.parse = lru_cache(maxsize=_PATHS)(module.parse)
    worker: Any = ExecutionWorker
    worker._get_evaluation_entrypoint = _parsed_definition


def _parsed_definition(worker: Any) -> EvalComponent:
    return _parse(worker._evaluation_details.state_machine_details.definition)


@lru_cache(maxsize=_DEFINITIONS)
def _parse(definition: str) -> EvalComponent:
    program, _tree = AmazonStateLanguageParser.parse(definition)
    return program
