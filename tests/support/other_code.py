"""Other code for a function of the system under test, for a while."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tasks.code.deployed import fetch


@contextmanager
def wrapped(client: Any, alias_arn: str, handler: str) -> Iterator[None]:
    """Put code around a function's handler, and serve what was there again at the end.

    Terraform sees nothing of it: the newest version, the code and where the alias leads are as before then.

    Args:
        client: A client of Lambda.
        alias_arn: The ARN of the alias that callers use.
        handler: Python that defines `handler(event, context)` and finds the function's own as
            `deployed.handler`; `deployed` is its module.
    """
    function, _, alias = alias_arn.rpartition(":")
    at = {"FunctionName": function}
    serving = client.get_function(**at, Qualifier=alias)
    version, code = serving["Configuration"]["Version"], fetch(serving["Code"]["Location"])
    client.update_function_code(**at, ZipFile=_around(code, handler))
    _wait(client, at)
    other = client.publish_version(**at)["Version"]
    client.update_alias(**at, Name=alias, FunctionVersion=other)
    try:
        yield
    finally:
        client.update_alias(**at, Name=alias, FunctionVersion=version)
        client.update_function_code(**at, ZipFile=code)
        _wait(client, at)
        client.delete_function(**at, Qualifier=other)


def _around(code: bytes, handler: str) -> bytes:
    """Rename `<function>/handler.py` and put other text in its place, without what was compiled of it."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(code)) as before, zipfile.ZipFile(result, "w") as after:
        for name in before.namelist():
            folder, _, file = name.partition("/")
            if file == "handler.py":
                after.writestr(f"{folder}/deployed.py", before.read(name))
                after.writestr(name, f"from {folder} import deployed\n{handler}")
            elif not file.startswith("__pycache__/handler."):
                after.writestr(name, before.read(name))
    return result.getvalue()


def _wait(client: Any, at: dict[str, str]) -> None:
    client.get_waiter("function_updated").wait(**at, WaiterConfig={"Delay": 0.05, "MaxAttempts": 1200})
