"""Imports every handler from its built zip and the layers, in a Python that has nothing else.

An import that only works on the developer's machine fails the build.
"""

import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple

from packager.errors import BuildError, naming

_SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "import_handler.py")
# What Lambda sets, as far as it changes what a handler imports
# (docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).
_ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EXECUTION_ENV": "AWS_Lambda_python",
    "AWS_LAMBDA_FUNCTION_NAME": "import-check",
    "AWS_REGION": "us-east-1",
    "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
    "LAMBDA_TASK_ROOT": "/var/task",
    "LANG": "en_US.UTF-8",
}
_REMEDY = "add what it lacks to its folder, or to the requirements.txt of the function or a layer"


class Import(NamedTuple):
    """A handler to import.

    Attributes:
        label: How messages name the function.
        module: The handler's module.
        later: The modules that its functions import when they run.
        zip_file: The function's zip.
        layered: Whether it has the layers.
    """

    label: str
    module: str
    later: list[str]
    zip_file: str
    layered: bool = True


def check(imports: list[Import], layers: list[str], python: str) -> None:
    """Import each handler.

    Args:
        imports: The handlers.
        layers: The layers' zips, which every function has but those at the edge.
        python: The target's Python.

    Raises:
        BuildError: A handler cannot be imported; the missing module is named.
    """
    with _unpacked(layers) as folder, ThreadPoolExecutor(os.cpu_count()) as workers:
        found = list(workers.map(lambda each: _import(each, folder, python), imports))
    problems = [
        f"{each.label}: {problem}; {_REMEDY}" for each, problem in zip(imports, found, strict=True) if problem
    ]
    if problems:
        raise BuildError(*problems)


def _import(each: Import, layers: str, python: str) -> str:
    """What is wrong with an import; empty if nothing."""
    with _unpacked([each.zip_file]) as task:
        beneath = layers if each.layered else task
        command = [python, "-I", "-S", "-B", _SCRIPT, task, beneath, each.module, *each.later]
        with naming(python):
            done = subprocess.run(
                command,
                env=_ENVIRONMENT,
                cwd=task,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
    if done.returncode:
        return f"cannot be imported: its process ended with {done.returncode}"
    return done.stdout.decode()


@contextmanager
def _unpacked(zips: list[str]) -> Iterator[str]:
    folder = tempfile.mkdtemp(prefix="dragons-import-")
    try:
        for path in zips:
            with zipfile.ZipFile(path) as archive:
                archive.extractall(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
