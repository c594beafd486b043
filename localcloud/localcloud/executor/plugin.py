"""The entry point under which LocalStack finds the executor (`LAMBDA_RUNTIME_EXECUTOR=process`)."""

from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    """Runs Lambda functions as processes of this machine."""

    name = "process"

    def load(self, *_args: object, **_kwargs: object) -> type[RuntimeExecutor]:
        """Return the executor class; imported late, as LocalStack lists plugins it never uses."""
        from localcloud.executor.executor import ProcessExecutor

        return ProcessExecutor
