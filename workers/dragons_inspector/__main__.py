"""`python -m dragons_inspector`: inspects dragons for Step Functions, anywhere that reaches AWS."""

import logging
import signal
import sys

import boto3

from dragons import config
from dragons.errors import ConfigurationError
from dragons_inspector.activity import RefusedError, StepFunctionsActivity
from dragons_inspector.inspection import inspect
from dragons_inspector.registry import DynamoDBRegistry
from dragons_inspector.settings import Settings
from dragons_inspector.worker import Worker


def main() -> None:
    """Work until SIGTERM or SIGINT; a second one ends it at once."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    settings = config.load(Settings, of="worker's environment")
    table = boto3.client("dynamodb", region_name=settings.region)
    registry = DynamoDBRegistry(table, settings.dragons_table)
    worker = Worker(
        StepFunctionsActivity(settings.inspect_dragon_activity, settings.region),
        lambda task_input: inspect(task_input, registry).text(),
        pollers=settings.pollers,
        heartbeat_seconds=settings.heartbeat_seconds,
        stop_seconds=settings.stop_seconds,
    )

    def stop(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        worker.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    worker.run()


if __name__ == "__main__":
    try:
        main()
    except (ConfigurationError, RefusedError) as error:
        sys.exit(f"error: {error}")
