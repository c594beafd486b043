"""The benchmarks behind `make bench`: `python -m bench` and the names of parts."""

import sys
import tempfile
from pathlib import Path

from bench import (
    build_part,
    coldstart_part,
    edge_part,
    events_part,
    loop_part,
    mutation_part,
    query_part,
    soak_part,
    workflows_part,
)
from tasks.processes.steps import StepError, report

PARTS = {
    "build": build_part.run,
    "coldstart": coldstart_part.run,
    "soak": soak_part.run,
    "loop": loop_part.run,
    "events": events_part.run,
    "workflows": workflows_part.run,
    "edge": edge_part.run,
    "mutation": mutation_part.run,
    "query": query_part.run,
}


def main(parts: list[str]) -> int:
    """Run parts one after the other, each in a temporary folder."""
    try:
        for part in parts:
            with tempfile.TemporaryDirectory(prefix="dragons-bench-") as folder:
                PARTS[part](Path(folder))
    except StepError as error:
        report(error)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
