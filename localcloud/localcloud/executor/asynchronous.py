"""Asynchronous invocations of an alias: what their configuration says is the alias' own.

LocalStack looks for that of the version behind it, and so knows neither retries nor destinations of an alias.
Source: https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
Left out: in the record of a failure, `functionArn` is the version's.
"""

import copy
from typing import Any

from localstack.services.lambda_.invocation.event_manager import Poller, SQSInvocation
from localstack.utils.patch import patch


def configure_aliases() -> None:
    """Wrap what handles an event."""
    patch(Poller.handle_message)(_handle)  # type: ignore[no-untyped-call]


def _handle(original: Any, self: Any, message: dict[str, Any]) -> None:
    manager = self.version_manager
    *_, alias = SQSInvocation.decode(message["Body"]).invocation.invoked_arn.split(":")
    if configuration := manager.function.event_invoke_configs.get(alias):
        self = copy.copy(self)
        self.version_manager = copy.copy(manager)
        self.version_manager.function = copy.copy(manager.function)
        version = manager.function_version.id.qualifier
        self.version_manager.function.event_invoke_configs = {version: configuration}
    original(self, message)
