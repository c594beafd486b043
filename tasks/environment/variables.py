"""The environment variables of what a command starts: what it takes over from the caller's shell."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

LOOPBACK = "127.0.0.1,localhost,::1"
_OF_CALLER = re.compile(
    r"CHROMIUM|CI|COLUMNS|HOME|LANG|LC_\w+|LOGNAME|NO_COLOR|PATH|PLAYWRIGHT_BROWSERS_PATH|PYENV_ROOT|SHELL|"
    r"SSL_CERT_(DIR|FILE)|TERM|TMPDIR|TZ|USER|XDG_(CACHE|DATA)_HOME"
)
_OF_DOWNLOADS = re.compile(
    r"(ALL|HTTPS?|NO)_PROXY|CURL_CA_BUNDLE|REQUESTS_CA_BUNDLE|(PIP|UV)_\w+", re.IGNORECASE
)
_UNASKED = ("TF_CLI_ARGS", "TF_DATA_DIR", "TF_INPUT", "TF_WORKSPACE")
"""Settings of Terraform that would bend or approve what it is asked to do."""


def of_caller() -> dict[str, str]:
    """What every child needs; nothing of AWS, Terraform or Python, and no proxies."""
    return _named(_OF_CALLER)


def for_downloads() -> dict[str, str]:
    """For what fetches packages: by the caller's proxies, certificates and indexes; the loopback directly."""
    callers = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    hosts = f"{callers},{LOOPBACK}" if callers else LOOPBACK
    return of_caller() | _named(_OF_DOWNLOADS) | {"NO_PROXY": hosts, "no_proxy": hosts}


def for_local_cloud() -> dict[str, str]:
    """For what talks to the local cloud alone: its own keys, and no file of the user's AWS settings."""
    return of_caller() | {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def for_aws() -> dict[str, str]:
    """For what acts with the caller's own account: their environment, but nothing that answers for them."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_UNASKED)}


@contextmanager
def exactly(env: Mapping[str, str]) -> Iterator[None]:
    """Have these environment variables and no others, in this process too."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(env)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _named(pattern: re.Pattern[str]) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if pattern.fullmatch(name)}
