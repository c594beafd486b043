"""The environment variables and the module search path of a function's process.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
Differs from AWS: the code is not at /var/task nor the layers at /opt, since putting them there needs
root; LAMBDA_TASK_ROOT says where the code is. Several layers stay folders of their own, searched
from the last to the first, where AWS lays one over the other.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

_DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin"
# What LocalStack adds for the X-Ray daemon and the program in its own containers; neither is here.
_LOCALSTACK_ONLY = (
    "AWS_XRAY_DAEMON_ADDRESS",
    "_AWS_XRAY_DAEMON_ADDRESS",
    "_AWS_XRAY_DAEMON_PORT",
    "EDGE_PORT",
    "LOCALSTACK_HOSTNAME",
    "LOCALSTACK_RUNTIME_ID",
    "LOCALSTACK_RUNTIME_ENDPOINT",
    "LOCALSTACK_FUNCTION_ACCOUNT_ID",
    "LOCALSTACK_MAX_PAYLOAD_SIZE",
    "AWS_LAMBDA_FUNCTION_TIMEOUT",
)


def process_environment(
    variables: Mapping[str, object],
    own: Mapping[str, str],
    runtime: str,
    task: Path,
    layers: Sequence[Path],
    scratch: Path,
) -> dict[str, str]:
    """Return all variables of a function's process; nothing is taken over from this process.

    Args:
        variables: What LocalStack sets for the function, the function's own ones included.
        own: The variables of the function's configuration; they win where AWS lets them.
        runtime: AWS's name of the runtime, such as "python3.13".
        task: The folder of the function's code.
        layers: The folders of its layers, in the order of its configuration.
        scratch: A private folder in place of AWS's /tmp.
    """
    inherited = {
        name: str(value) for name, value in variables.items() if name not in _LOCALSTACK_ONLY or name in own
    }
    defaults = {
        "LANG": "en_US.UTF-8",
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "PATH": _joined([*(layer / "bin" for layer in reversed(layers)), _DEFAULT_PATH]),
        "LD_LIBRARY_PATH": _joined([task, task / "lib", *(each / "lib" for each in layers[::-1])]),
    }
    reserved = {
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{runtime}",
        "LAMBDA_TASK_ROOT": str(task),
        "PYTHONPATH": _joined([*search_path(runtime, task, layers), own.get("PYTHONPATH", "")]),
    }
    return defaults | inherited | reserved


def search_path(runtime: str, task: Path, layers: Sequence[Path]) -> list[Path]:
    """Return where modules are looked for, as AWS's runtime does: the code, then the layers.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/python-layers.html
    """
    newest_first = list(reversed(layers))
    site_packages = [layer / "python" / "lib" / runtime / "site-packages" for layer in newest_first]
    return [task, *site_packages, *(layer / "python" for layer in newest_first)]


def _joined(paths: Sequence[Path | str]) -> str:
    return os.pathsep.join(str(path) for path in paths if str(path))
