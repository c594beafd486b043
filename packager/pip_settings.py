"""What pip and uv take over from whoever calls us: how they reach packages, and nothing that bends the work.

A shell or a pip.conf may well want a virtual environment, another target folder or platform, or constraints
for its own work (pip.pypa.io/en/stable/topics/configuration). Ours is said on the command line, whole. Where
packages come from, and the proxies and certificates on the way, is for the user to say, and stays.
"""

import ast
import os
import re
import subprocess
from collections.abc import Mapping

from packager.errors import BuildError

# Options of pip, as `pip config` names them.
_PIP = re.compile(
    "cache-dir|cert|client-cert|default-timeout|disable-pip-version-check|extra-index-url|find-links|index-url|"
    "keyring-provider|no-cache-dir|no-index|proxy|pypi-url|resume-retries|retries|timeout|trusted-host|"
    "use-deprecated|use-feature"
)
# docs.astral.sh/uv/reference/environment
_UV = re.compile(
    r"UV_(CACHE_DIR|CONCURRENT_DOWNLOADS|CONFIG_FILE|CREDENTIALS_DIR|DEFAULT_INDEX|EXTRA_INDEX_URL|FIND_LINKS|"
    r"HTTP_\w+|INDEX|INDEX_STRATEGY|INDEX_URL|INDEX_\w+_(USERNAME|PASSWORD)|INSECURE_HOST|KEYRING_PROVIDER|"
    r"LINK_MODE|NATIVE_TLS|NO_CACHE|OFFLINE|PYTHON_DOWNLOADS_JSON_URL|PYTHON_INSTALL_DIR|"
    r"PYTHON_INSTALL_MIRROR|REQUEST_TIMEOUT|SYSTEM_CERTS)"
)
_PYTHON = frozenset({"PYTHONDONTWRITEBYTECODE", "PYTHONUSERBASE"})  # pip itself may be in the user's base
_ENVIRONMENTS = frozenset({"VIRTUAL_ENV", "CONDA_PREFIX", "__PYVENV_LAUNCHER__"})

_SETTING = re.compile(r"^(\S+?)\.([\w-]+)=(.*)$", re.MULTILINE)


def neutral_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables without those that change which modules a Python finds, or which Python a tool takes."""
    return {
        name: value
        for name, value in environ.items()
        if name not in _ENVIRONMENTS and (not name.startswith("PYTHON") or name in _PYTHON)
    }


def uv_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables for a uv that does as its command line says; its own files of settings stay."""
    return {
        name: value
        for name, value in neutral_environment(environ).items()
        if not name.startswith("UV_") or _UV.fullmatch(name)
    }


def pip_environment(python: str, command: str, environ: Mapping[str, str]) -> dict[str, str] | None:
    """The variables for a pip that does as its command line says.

    Args:
        python: Whose pip it is.
        command: What it is to do, such as `download`; files of settings have a section for each.
        environ: The caller's variables.

    Returns:
        Them, with what is to stay of the user's files of settings; None if this Python has no pip.

    Raises:
        BuildError: pip cannot read its settings.
    """
    plain = {name: value for name, value in neutral_environment(environ).items() if name[:4] != "PIP_"}
    plain["PYTHONSAFEPATH"] = "1"  # a pip/ or json.py in the working folder is not theirs
    wanted = {name: value for name, value in environ.items() if _PIP.fullmatch(_option(name))}
    asked = {name: environ[name] for name in ("PIP_CONFIG_FILE",) if name in environ}
    shown = subprocess.run(
        [python, "-m", "pip", "config", "list"],
        env=plain | asked | {"PIP_QUIET": "0", "PIP_VERBOSE": "0", "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if shown.returncode:
        if "Configuration file" not in shown.stderr:
            return None
        raise BuildError(f"pip: correct its settings: {' '.join(shown.stderr.split())}")
    return plain | _kept(shown.stdout, command) | wanted | {"PIP_CONFIG_FILE": os.devnull}


def _option(variable: str) -> str:
    """The option of pip that a variable sets; empty for another variable."""
    return variable[4:].lower().replace("_", "-") if variable.startswith("PIP_") else ""


def _kept(settings: str, command: str) -> dict[str, str]:
    """What is to stay of the output of `pip config list`, as variables."""
    found = _SETTING.findall(settings)
    return {
        f"PIP_{name.upper().replace('-', '_')}": str(ast.literal_eval(value))
        for wanted in ("global", command)
        for section, name, value in found
        if section == wanted and _PIP.fullmatch(name)
    }
