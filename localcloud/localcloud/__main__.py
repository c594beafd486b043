"""`python -m localcloud`: starts the cloud in the foreground; Ctrl-C or SIGTERM ends it and its processes."""

import argparse
import os
import shutil
import socket
from collections.abc import Sequence
from pathlib import Path

from localcloud import settings

_PYTHON = "LOCALCLOUD_LAMBDA_PYTHON"
_PROCESSES = "LOCALCLOUD_LAMBDA_PROCESSES"


def prepare(words: Sequence[str] | None = None) -> None:
    """Make this process's environment, and the folder, ready for LocalStack.

    Args:
        words: The arguments; by default the command line's.

    Raises:
        SystemExit: An argument is wrong, or the port is not free.
    """
    parser = argparse.ArgumentParser("python -m localcloud", description="AWS on this machine.")
    add = parser.add_argument
    add("--port", type=int, default=4566, help="where it listens, on 127.0.0.1 (4566)")
    add("--state", type=Path, default=Path(".localcloud"), help="a folder for its files; a start empties it")
    add("--lambda-python", metavar="PATH", help=f"the Python that runs functions (${_PYTHON}, else its own)")
    add("--lambda-processes", metavar="N", help=f"how many a function version has (${_PROCESSES}, else 4)")
    chosen = parser.parse_args(words)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", chosen.port))
        except (OSError, OverflowError) as error:
            parser.error(f"port {chosen.port} is not free ({error}): choose another with --port")
    state = chosen.state.absolute()
    for name in ("tmp", "fs"):
        shutil.rmtree(state / name, ignore_errors=True)
        (state / name).mkdir(parents=True)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]  # the caller's account does not concern this cloud
    os.environ |= settings.of_localstack(chosen.port, state)
    os.environ |= {
        name: value
        for name, value in ((_PYTHON, chosen.lambda_python), (_PROCESSES, chosen.lambda_processes))
        if value is not None
    }


if __name__ == "__main__":
    prepare()
    # It reads the settings when it is imported.
    from localstack.runtime.main import main

    main()  # type: ignore[no-untyped-call]
