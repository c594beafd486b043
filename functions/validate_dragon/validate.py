"""Whether a report can become a dragon."""

from collections.abc import Mapping
from typing import Any, Protocol

from dragons.errors import DragonValidationException
from dragons.validation import report_errors

DUPLICATE = "Duplicate dragon reported"
OF_THE_WORKFLOW = frozenset({"familyOnRecord", "newFamilyAllowed", "reporterSub", "review", "textAllowed"})
"""What the API or an import adds to a report for later steps, and what those note; no caller can."""


class Registry(Protocol):
    """The dragons on record."""

    def report_of(self, dragon_name: str) -> str | None:
        """The id of the report that recorded a dragon; none if there is no such dragon.

        An empty id stands for a dragon that no report recorded.
        """
        ...


def validate(workflow_input: Mapping[str, Any], report_id: str, registry: Registry) -> None:
    """Refuse a report that breaks the schema, or whose dragon another report has recorded.

    The report's own dragon is not a duplicate: a retry after the record was written goes through.

    Raises:
        DragonValidationException: The reason, naming every bad field as the reporter named it.
    """
    report = {name: value for name, value in workflow_input.items() if name not in OF_THE_WORKFLOW}
    if errors := report_errors(report):
        raise DragonValidationException("; ".join(f"{error.field} {error.reason}" for error in errors))
    recorded_by = registry.report_of(report["dragon_name_str"])
    if recorded_by is not None and recorded_by != report_id:
        raise DragonValidationException(DUPLICATE)
