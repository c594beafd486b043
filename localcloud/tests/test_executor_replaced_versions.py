"""What makes `executor/replaced_versions.py` necessary; tests/e2e/test_functions.py tests what it does."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from localstack.services.lambda_.invocation import version_manager
from localstack.services.lambda_.invocation.assignment import AssignmentService
from localstack.services.lambda_.invocation.execution_environment import RuntimeStatus
from localstack.services.lambda_.invocation.version_manager import LambdaVersionManager


class Environment:
    """An execution environment that is at work."""

    id = "environment"
    version_manager_id = "version"
    status = RuntimeStatus.INVOKING
    function_version = SimpleNamespace(qualified_arn="arn")
    stopped = False

    def stop(self) -> None:
        self.stopped = True


def test_localstack_stops_a_version_in_the_middle_of_its_work(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = Environment()
    service: Any = cast("Any", AssignmentService)()
    service.environments["version"][environment.id] = environment
    executor: Any = SimpleNamespace(cleanup_version=lambda _: None)
    monkeypatch.setattr(version_manager, "get_runtime_executor", lambda: executor)
    version = SimpleNamespace(
        id="version",
        function_arn="arn",
        function_version=None,
        log_handler=SimpleNamespace(stop=lambda: None),
        shutdown_event=SimpleNamespace(set=lambda: None),
        assignment_service=service,
    )

    LambdaVersionManager.stop(cast("LambdaVersionManager", version))

    service.stop()
    assert environment.stopped, "LocalStack does this itself now: delete executor/replaced_versions.py"
