"""What a function finds when it is imported: its variables, a region for its clients, its own packages."""

from pathlib import Path

import pytest

from support.elsewhere import Elsewhere, module_elsewhere


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> Elsewhere | None:
    return module_elsewhere(module_path, parent)


@pytest.fixture(autouse=True, scope="session")
def _environment() -> None:
    patch = pytest.MonkeyPatch()
    patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    patch.setenv("AWS_ACCESS_KEY_ID", "test")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    patch.setenv("DRAGONS_TABLE", "dragons-unit-dragons")
    patch.setenv("PARTNERS_TABLE", "dragons-unit-partners")
    patch.setenv("REPORTERS_TABLE", "dragons-unit-reporters")
    patch.setenv("REPORTERS_GROUP", "reporters")
    patch.setenv("DATASET_BUCKET_PARAMETER", "/dragons/unit/dataset_bucket")
    patch.setenv("DATASET_PREFIX_PARAMETER", "/dragons/unit/dataset_prefix")
    patch.setenv("QUERY_ENGINE_PARAMETER", "/dragons/unit/query_engine")
    patch.setenv("NAME_INDEX", "by_name")
    patch.setenv("LARGEST_SCAN", "100000")
    patch.setenv("EVENT_BUS", "dragons-unit")
    patch.setenv("TALLIES_TABLE", "dragons-unit-tallies")
    patch.setenv("DEAD_LETTER_QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/123456789012/dead")
    patch.setenv("REMEMBERED_DAYS", "118")
    patch.setenv("JOURNAL_QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/123456789012/journal.fifo")
    patch.setenv("JOURNAL_TABLE", "dragons-unit-journal")
    patch.setenv("RECEIVED_TABLE", "dragons-unit-received")
    patch.setenv("REVIEWS_TABLE", "dragons-unit-reviews")
    patch.setenv("SIGHTINGS_TOPIC", "arn:aws:sns:us-east-1:123456789012:dragons-unit-sightings")
    patch.setenv("SNS_URL", "https://sns.us-east-1.amazonaws.com")
    patch.setenv("IMPORT_BUCKET", "imports")
    patch.setenv("IMPORT_WORK_BUCKET", "work")
    patch.setenv("IMPORT_OUTCOMES_TABLE", "outcomes")
    patch.setenv("MAX_LINES", "100")
    patch.setenv("SETTLED_HOURS", "24")
    patch.setenv("FAMILY_INDEX", "by_family")
    patch.setenv("IMPORT_DRAGONS", "arn:aws:states:us-east-1:123456789012:stateMachine:import_dragons")
