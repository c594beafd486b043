"""LocalStack's Lambda executor that runs each execution environment as a process of this machine.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
Left out: freezing the process between invocations, the client context (LocalStack does not pass it
on), extensions, container images, and every runtime but the interpreter's own.
"""

import os
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Protocol, cast

from localstack import config
from localstack.services.lambda_.invocation.lambda_models import (
    FunctionVersion,
    InvocationResult,
)
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from localcloud.executor import messages
from localcloud.executor.environment import process_environment
from localcloud.executor.process import Command, FunctionProcess, ProcessExitedError
from localcloud.executor.runtime_api import (
    InitError,
    Invocation,
    NotDeliveredError,
    Response,
)

INTERPRETER_VARIABLE = "LOCALCLOUD_LAMBDA_PYTHON"
RUNTIME = "python3.13"
_INIT_SECONDS = 10
_RESPONSE_LIMIT_BYTES = 6_291_556
_DELIVERY_ATTEMPTS = 3
_WRITABLE = (Path("/tmp"), Path("/dev"))  # noqa: S108 - on AWS it is /tmp alone, too


class _Package(Protocol):
    """The part of LocalStack's ArchiveCode that is used here."""

    def prepare_for_execution(self) -> None: ...

    def get_unzipped_code_location(self) -> Path: ...


class ProcessExecutor(RuntimeExecutor):
    """One execution environment: a place for one process at a time.

    A process that timed out, crashed or could not load its code is replaced at the next invocation,
    as AWS resets an environment; one that was killed while idle is replaced before it is noticed.
    """

    def __init__(self, id: str, function_version: FunctionVersion) -> None:  # noqa: A002
        super().__init__(id, function_version)
        self._config = function_version.config
        # prepare_version has refused functions without a zip package.
        self._code = cast("_Package", function_version.config.code)
        self._scratch = Path(tempfile.gettempdir(), f"lambda-scratch-{id}")
        self._environment: dict[str, str] = {}
        self._lock = threading.Lock()
        self._stopped = False
        self._process: FunctionProcess | None = None
        self._init_failure: Exception | None = None
        self._init_ms: float | None = None
        self._init_output = ""

    def start(self, env_vars: dict[str, str]) -> None:
        """Start the process and load the function's code.

        Code that cannot be loaded is no error here: the first invocation tells, with its log.
        """
        self._scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._environment = process_environment(
            env_vars,
            own=self._config.environment or {},
            runtime=RUNTIME,
            task=self._code.get_unzipped_code_location(),
            layers=[
                cast("_Package", layer.code).get_unzipped_code_location() for layer in self._config.layers
            ],
            scratch=self._scratch,
        )
        self._launch()

    def stop(self) -> None:
        """End the process, whatever it is doing, and remove its scratch folder."""
        with self._lock:
            self._stopped = True
        if self._process:
            self._process.kill()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        """Run one invocation.

        Args:
            payload: LocalStack's form of it: invoke-id, invoked-function-arn, trace-id, payload.

        Returns:
            The function's response or Lambda's error, with the invocation's log.
        """
        request_id = payload["invoke-id"]
        self._usable_process()  # a cold start is not the invocation's time
        started = time.monotonic()
        response, status, remark = self._outcome(payload)
        duration_ms = (time.monotonic() - started) * 1000
        process = cast("FunctionProcess", self._process)
        report = messages.Report(
            request_id,
            duration_ms,
            self._config.memory_size,
            process.peak_memory_bytes,
            self._init_ms,
            status,
        )
        log = (
            self._init_output
            + messages.start_line(request_id, self.function_version.id.qualifier)
            + _ended_line(process.output.take())
            + remark
            + messages.closing_lines(report)
        )
        self._init_output, self._init_ms = "", None
        return InvocationResult(request_id, response.payload, response.is_error, log)

    def get_address(self) -> str:
        """Where the process is: on this machine."""
        return "127.0.0.1"

    def get_endpoint_from_executor(self) -> str:
        """Where the process finds LocalStack."""
        return "127.0.0.1"

    def get_runtime_endpoint(self) -> str:
        """LocalStack's own runtime endpoint: not used, the process talks to its Runtime API."""
        return ""

    def get_logs(self) -> str:
        """Logs outside of invocations: none, an invocation's result carries its own."""
        return ""

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        """Unpack the code and the layers.

        Raises:
            ValueError: The function asks for a runtime or package that this executor cannot run.
        """
        settings = function_version.config
        if not settings.code or settings.runtime != RUNTIME:
            wanted = settings.runtime or settings.package_type
            raise ValueError(f"the process executor runs {RUNTIME} zip packages, not {wanted}")
        interpreter()
        settings.code.prepare_for_execution()
        for layer in settings.layers:
            cast("_Package", layer.code).prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """Nothing to do: LocalStack removes the code itself."""

    def _usable_process(self) -> FunctionProcess:
        process = self._process
        if process and (process.alive or self._init_failure):
            return process
        return self._launch()

    def _launch(self) -> FunctionProcess:
        command = Command(
            interpreter(),
            self._config.handler or "",
            self._code.get_unzipped_code_location(),
            self._environment,
            self._config.memory_size * 2**20,
            [self._scratch, *_WRITABLE],
        )
        with self._lock:
            if self._stopped:
                raise RuntimeError(f"execution environment {self.id} was stopped")
            process = self._process = FunctionProcess(command)
        self._initialize(process)
        return process

    def _initialize(self, process: FunctionProcess) -> None:
        # AWS tries a slow start again within the function's own timeout: the longer one decides.
        # LocalStack's own limit on starting must never be the first to strike.
        seconds = max(_INIT_SECONDS, self._config.timeout)
        started = time.monotonic()
        try:
            process.wait(process.api.initialized, min(seconds, config.LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT - 1))
            self._init_failure = None
        except Exception as failure:
            process.kill()
            self._init_failure = failure
        self._init_ms = (time.monotonic() - started) * 1000
        self._init_output = _ended_line(process.output.take())

    def _outcome(self, payload: dict[str, str]) -> tuple[Response, str | None, str]:
        """Return the response, the status for the report, and what Lambda adds to the log."""
        request_id, seconds = payload["invoke-id"], self._config.timeout
        try:
            response = self._respond(payload)
        except InitError as failure:
            return Response(failure.payload, is_error=True), "error", ""
        except TimeoutError:
            remark = messages.timeout_line(request_id, seconds)
            error = messages.timeout_error(request_id, seconds)
            return Response(error, is_error=True), "timeout", remark
        except ProcessExitedError as failure:
            error = messages.exit_error(request_id, failure.returncode)
            return Response(error, is_error=True), "error", ""
        if len(response.payload) > _RESPONSE_LIMIT_BYTES:
            response = Response(messages.too_large_error(_RESPONSE_LIMIT_BYTES), is_error=True)
        return response, None, ""

    def _respond(self, payload: dict[str, str]) -> Response:
        for _ in range(_DELIVERY_ATTEMPTS):
            process = self._usable_process()
            failure, self._init_failure = self._init_failure, None
            if failure:
                raise failure
            try:
                response = process.api.submit(_invocation(payload, self._config.timeout))
                return process.wait(response, self._config.timeout)
            except NotDeliveredError:
                process.kill()
        raise ProcessExitedError(process.returncode)


def interpreter() -> Path:
    """Return the Python that runs functions: one with awslambdaric; by default, this process's own.

    Raises:
        ValueError: The variable names no such file.
    """
    path = Path(os.environ.get(INTERPRETER_VARIABLE, sys.executable))
    if not path.is_file():
        raise ValueError(
            f"{INTERPRETER_VARIABLE} must name the Python of a virtual environment with awslambdaric"
        )
    return path


def _invocation(payload: dict[str, str], seconds: int) -> Invocation:
    return Invocation(
        request_id=payload["invoke-id"],
        function_arn=payload["invoked-function-arn"],
        trace_header=payload["trace-id"],
        deadline_ms=int((time.time() + seconds) * 1000),
        payload=payload["payload"].encode(),
    )


def _ended_line(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"
