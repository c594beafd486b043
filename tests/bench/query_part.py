"""The part `query`: what GET /dragons costs at datasets of three sizes.

On files, the scan engine beside its peers; over HTTP, each plan; then with S3 further away and 300 reports
that nothing has merged yet.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench import query_report
from bench.clients import clients
from bench.query_data import files_of, singles, write
from bench.query_files import ROUNDS, Files, take_turns
from bench.query_http import A_CITY, A_FAMILY, NAME, NO_FILTER, Answers, ask, late_s3
from bench.query_system import Aws, add_to_table, replace_dataset, stop_consumers
from bench.report import machine
from tasks.environment import terraform
from tasks.environment.bring_up import bring_up
from tasks.environment.cloud import Cloud, free_port
from tasks.processes.alone import alone
from tasks.processes.steps import step

COUNTS = (1000, 100_000, 1_000_000)
IN_TABLE = 10_000
"""Dragons that the table has at most: putting more there takes this machine too long."""
REPORTS = 300
DELAY_MS = float(os.environ.get("DRAGONS_BENCH_DELAY_MS", "100"))


def run(folder: Path) -> None:
    """Measure, print and write down, and draw docs/query_cost.svg.

    Raises:
        StepError: The system cannot be deployed, or something answers otherwise than it should.
    """
    where = machine()
    datasets = {count: folder / str(count) for count in COUNTS}
    files = _on_files(datasets)
    cloud = Cloud(free_port(), folder / "cloud")
    root = terraform.root_of_own_cloud(cloud.folder, cloud.endpoint)
    with alone("query"):
        try:
            outputs, _ = bring_up(cloud, root)
            aws = clients(cloud.endpoint)
            stop_consumers(aws("lambda"), outputs["dragons_table"])
            by_count = _over_http(aws, outputs, datasets)
            by_delay = _unmerged(aws, outputs)
        finally:
            cloud.stop()
    query_report.publish(where, files, by_count, by_delay)


def _on_files(datasets: Mapping[int, Path]) -> Files:
    files: Files = {}
    for count, dataset in datasets.items():
        with step(f"a dataset of {count:,} dragons"):
            write(dataset, count)
        with step(f"{count:,} dragons on files, {ROUNDS} rounds"):
            files[count] = take_turns(dataset, count, ROUNDS)
    return files


def _over_http(aws: Aws, outputs: dict[str, Any], datasets: Mapping[int, Path]) -> dict[int, Answers]:
    answers: dict[int, Answers] = {}
    in_table = 0
    for count, dataset in datasets.items():
        with step(f"{count:,} dragons in the bucket, {min(count, IN_TABLE):,} in the table"):
            objects = ((key, path.read_bytes()) for key, path in files_of(dataset))
            replace_dataset(aws("s3"), outputs["dataset_bucket"], objects)
            wanted = range(in_table, min(count, IN_TABLE))
            add_to_table(aws, outputs["dragons_table"], wanted, count)
            in_table = max(in_table, wanted.stop)
        with step(f"{count:,} dragons over HTTP"):
            answers[count] = ask(outputs["rest_api_url"])
    return answers


def _unmerged(aws: Aws, outputs: dict[str, Any]) -> dict[float, Answers]:
    """The answers from reports that are objects of their own, by the milliseconds that S3 takes longer."""
    replace_dataset(aws("s3"), outputs["dataset_bucket"], singles(range(REPORTS), REPORTS))
    function, questions = outputs["functions"]["list_dragons"], (NAME, A_FAMILY, A_CITY, NO_FILTER)
    with step(f"{REPORTS} reports, each an object of its own, over HTTP"):
        answers = {0.0: ask(outputs["rest_api_url"], questions=questions)}
    with (
        step(f"the same with {DELAY_MS:g} ms more for each S3 call"),
        late_s3(aws("lambda"), function, DELAY_MS / 1000),
    ):
        answers[DELAY_MS] = ask(outputs["rest_api_url"], questions=questions)
    return answers
