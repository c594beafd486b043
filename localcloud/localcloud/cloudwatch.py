"""CloudWatch: a metric is that of its dimensions alone; LocalStack adds up those that have others besides.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html (Dimension:
each combination is another metric). Left out: `_` in a value still matches any character.
"""

import threading
from typing import Any

from localstack.services.cloudwatch.cloudwatch_database_helper import CloudwatchDatabase
from localstack.utils.patch import patch

_reading = threading.local()


def apply() -> None:
    """Read what has just these dimensions; a list of metrics still takes them for a part."""
    patch(CloudwatchDatabase.get_metric_data_stat)(_read)  # type: ignore[no-untyped-call]
    patch(CloudwatchDatabase._get_ordered_dimensions_with_separator)(_dimensions)  # type: ignore[no-untyped-call]


def _read(original: Any, self: CloudwatchDatabase, *args: Any, **named: Any) -> Any:
    _reading.data = True
    try:
        return original(self, *args, **named)
    finally:
        _reading.data = False


def _dimensions(original: Any, self: CloudwatchDatabase, dims: Any, for_search: bool = False) -> Any:
    return original(self, dims, for_search=for_search and not getattr(_reading, "data", False))
