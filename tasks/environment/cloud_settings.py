"""What a local cloud is started with: its settings, and a digest that tells of a change."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from tasks.environment.paths import LAMBDA_PYTHON, LOCALCLOUD

REQUEST_CONSTRAINTS = "LOCALCLOUD_REQUEST_CONSTRAINTS"
_TAKEN_OVER = ("LOCALCLOUD_LAMBDA_PROCESSES", REQUEST_CONSTRAINTS)
_BESIDE = {"README.md", "dist", "example", "tests"}  # what no cloud is started from


def of_cloud() -> dict[str, str]:
    """The environment variables that `python -m localcloud` reads."""
    chosen = {name: os.environ[name] for name in _TAKEN_OVER if name in os.environ}
    return chosen | {"LOCALCLOUD_LAMBDA_PYTHON": str(LAMBDA_PYTHON)}


def digest(settings: Mapping[str, str], plugin: Path = LOCALCLOUD) -> str:
    """A digest of settings, and of the plugin's sources and locks."""
    found = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    tops = [each for each in plugin.iterdir() if each.name not in _BESIDE and each.name[0] != "."]
    for path in sorted(path for top in tops for path in (top, *top.rglob("*"))):
        if path.is_file() and path.parent.name != "__pycache__":
            found.update(f"\0{path.relative_to(plugin)}\0".encode())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
