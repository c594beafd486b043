"""Writes down what was measured, where and when."""

import datetime
import json
import os
import platform
from typing import Any

from tasks.environment.paths import LOCAL
from tasks.processes.steps import say

_GIB = 1024 * 1024 * 1024


def machine() -> dict[str, Any]:
    """The size of this machine, and how busy it is before anything is measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gib": round(memory / _GIB, 1),
        "load": round(os.getloadavg()[0], 2),
    }


def publish(part: str, where: dict[str, Any], figures: dict[str, Any], text: str) -> None:
    """Print a part's tables, and write its figures as JSON to `.local/bench`.

    Args:
        part: Its name.
        where: The machine.
        figures: What was measured, in JSON's types.
        text: The tables.
    """
    date = datetime.datetime.now(datetime.UTC).date().isoformat()
    path = LOCAL / "bench" / f"{part}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {"date": date, "machine": where} | figures
    path.write_text(json.dumps(told, indent=2) + "\n")
    say(f"\n{date}, {where['cores']} cores, {where['memory_gib']} GiB, load {where['load']}\n\n{text}\n")
    say(f"written to {path.relative_to(LOCAL.parent)}")
