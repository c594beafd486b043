"""What is started cold: every function as two builds package it, and a bare client of boto3."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bench import contestants
from bench.sam_template import Manifest, logical_id
from tasks.environment.paths import ROOT
from tasks.processes.steps import run

OURS = contestants.OURS
SAM = contestants.SAM
BARE = 'boto3.client("s3")'

_SCRIPT = Path(__file__).with_name("start.py")
_BARE = Path(__file__).with_name("bare")
_REQUIRED = re.compile(r'config\.required\("(\w+)"\)')
# What Lambda sets, as far as it changes what an import does
# (docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).
_LAMBDA = {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
    "AWS_LAMBDA_FUNCTION_NAME": "bench",
    "AWS_REGION": "us-east-1",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_SESSION_TOKEN": "bench",
    "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
    "LAMBDA_RUNTIME_DIR": "/var/runtime",
    "LAMBDA_TASK_ROOT": "/var/task",  # by which the X-Ray SDK knows that it samples nothing itself
    "LANG": "en_US.UTF-8",
}


class ColdStart(NamedTuple):
    """One thing to start.

    Attributes:
        name: The function's, or that of the bare client.
        build: Which build packaged it.
        folders: Where Python looks for packages: what is /var/task on Lambda, then the layers' /opt/python.
        handler: Module and name, as Lambda's handler setting has them.
        variables: Environment variables that it cannot start without.
    """

    name: str
    build: str
    folders: list[Path]
    handler: str
    variables: dict[str, str]

    def measure(self) -> float:
        """CPU seconds from the import to the handler being there.

        Raises:
            StepError: It does not start; with the traceback.
        """
        module, _, name = self.handler.rpartition(".")
        # -B: as on Lambda, where the folders are read-only, nothing compiled is kept for the next start
        python: list[str | Path] = [contestants.lambda_python(), "-I", "-S", "-B", _SCRIPT]
        printed = run([*python, *self.folders, module, name], env=_LAMBDA | self.variables)
        return float(printed.split()[-1])


def built_by_us(folder: Path, manifest: Manifest) -> list[ColdStart]:
    """The functions of `build.py`, unpacked from their zips, and a bare client on its layers.

    Args:
        folder: Where it has built.
        manifest: What it has built.
    """
    unpacked = folder / "unpacked"
    for kind in ("functions", "layers"):
        for name, record in manifest[kind].items():
            with zipfile.ZipFile(folder / record["path"]) as archive:
                archive.extractall(unpacked / kind / name)
    return _cold_starts(OURS, manifest, lambda kind, name: unpacked / kind / name)


def built_by_sam(folder: Path, manifest: Manifest) -> list[ColdStart]:
    """The same of `sam build`.

    Args:
        folder: Where it has built.
        manifest: What it has built.
    """
    return _cold_starts(SAM, manifest, lambda kind, name: folder / ".aws-sam/build" / logical_id(kind, name))


def _cold_starts(build: str, manifest: Manifest, place: Callable[[str, str], Path]) -> list[ColdStart]:
    layers = [place("layers", name) / "python" for name in manifest["layers"]]
    functions = [
        ColdStart(
            name,
            build,
            [place("functions", name), *([] if "edge" in record else layers)],
            record["handler"],
            _variables(name),
        )
        for name, record in manifest["functions"].items()
    ]
    return [ColdStart(BARE, build, [_BARE, *layers], "client.s3", {}), *functions]


def _variables(function: str) -> dict[str, str]:
    sources = (path.read_text() for path in (ROOT / "functions" / function).rglob("*.py"))
    return {name: "bench" for source in sources for name in _REQUIRED.findall(source)}
