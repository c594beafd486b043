"""What the published contract tells of the API."""

import re
from typing import Any

from contract.published import contract

CONTRACT = contract()
SCHEMAS: dict[str, Any] = CONTRACT["components"]["schemas"]
OPERATIONS: dict[str, dict[str, Any]] = {
    f"{method.upper()} {path}": operation
    for path, item in CONTRACT["paths"].items()
    for method, operation in item.items()
}


def parameter(operation: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        each["schema"] for each in OPERATIONS[operation]["parameters"] if each["name"] == name
    )
    return found


def fits(schema: dict[str, Any], text: str) -> bool:
    """Whether a pattern takes a text: its `$` is the very end, which Python writes otherwise."""
    return re.search(schema["pattern"].replace("$", r"\Z"), text) is not None


def report_ids() -> list[dict[str, Any]]:
    """Every schema of a report's id: that of the path, and those of the answers."""
    answers = [SCHEMAS[name]["properties"] for name in ("ReportAccepted", "ReportExists", "ReportState")]
    return [parameter("GET /dragons/reports/{reportId}", "reportId"), *(each["reportId"] for each in answers)]
