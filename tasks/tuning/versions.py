"""Versions of a function that only a tuning invokes: `live` and what it serves stay as they are.

Sources: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html,
API_PublishVersion.html (which returns the version of before where nothing has changed since) and
API_DeleteFunction.html (of a version);
https://github.com/alexcasalboni/aws-lambda-power-tuning does the same with aliases of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tasks.processes.steps import StepError, say

DESCRIPTION = "make tune"
"""Of the versions: by it, the next tuning finds and removes what is left of one that was killed."""

_WAIT = {"Delay": 0.1, "MaxAttempts": 1200}


class Versions:
    """Versions of a function's newest code at other memory sizes.

    Args:
        client: A client of Lambda.
        arn: The function's, unqualified.
    """

    def __init__(self, client: Any, arn: str) -> None:
        self._client = client
        self._arn = arn

    @contextmanager
    def tried(self) -> Iterator[None]:
        """Whatever happens, leave the function as it was: its memory, and no version more.

        Raises:
            StepError: Something is left; with what to do.
        """
        memory = self._memory()
        self._remove()
        try:
            yield
        finally:
            try:
                self._set(memory)
                self._remove()
            except (BotoCoreError, ClientError) as error:
                say(
                    f"the function has another memory than {memory} MB, or versions more: {error}", error=True
                )
                raise StepError(
                    "the function could not be left as it was", "run it again, or `make apply`"
                ) from error

    def publish(self, memory: int) -> str:
        """Publish the newest code with a memory size.

        Returns:
            The version; it can be invoked.
        """
        self._set(memory)
        made = self._client.publish_version(FunctionName=self._arn, Description=DESCRIPTION)
        version: str = made["Version"]
        self._client.get_waiter("published_version_active").wait(
            FunctionName=self._arn, Qualifier=version, WaiterConfig=_WAIT
        )
        return version

    def _set(self, memory: int) -> None:
        self._wait()  # for a change that a signal has left behind
        self._client.update_function_configuration(FunctionName=self._arn, MemorySize=memory)
        self._wait()

    def _wait(self) -> None:
        self._client.get_waiter("function_updated").wait(FunctionName=self._arn, WaiterConfig=_WAIT)

    def _memory(self) -> int:
        """The memory now; behind a tuning that was killed, that of the newest version that is not its own."""
        own, others = self._published()
        newest = max(others, key=lambda each: int(each["Version"]), default=None)
        if not own or newest is None:
            newest = self._client.get_function_configuration(FunctionName=self._arn)
        memory: int = newest["MemorySize"]
        return memory

    def _remove(self) -> None:
        for version in self._published()[0]:
            self._client.delete_function(FunctionName=self._arn, Qualifier=version["Version"])

    def _published(self) -> tuple[list[Any], list[Any]]:
        """The published versions: those of a tuning, and the others."""
        pages = self._client.get_paginator("list_versions_by_function").paginate(FunctionName=self._arn)
        found = [each for page in pages for each in page["Versions"] if each["Version"] != "$LATEST"]
        own = [each for each in found if each["Description"] == DESCRIPTION]
        return own, [each for each in found if each not in own]
