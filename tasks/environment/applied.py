"""What a local cloud was last brought up with: while all of it is the same, there is nothing to apply.

Terraform needs 8 s to say so. What changes the deployed system in other ways either writes Terraform's state,
which is part of this, or calls `forget`.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tasks.environment.cloud import Cloud
from tasks.environment.paths import ROOT, TERRAFORM
from tasks.environment.terraform import Root

_NO_INPUTS = {".terraform", "tests", "testing", "__pycache__"}


def recall(cloud: Cloud, root: Root) -> dict[str, Any] | None:
    """The root's outputs, if nothing has changed since `remember`."""
    try:
        found = json.loads(_record(cloud).read_text())
        outputs: dict[str, Any] = found["outputs"]
        same = found["digest"] == _digest(cloud, root)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return outputs if same else None


def remember(cloud: Cloud, root: Root, outputs: dict[str, Any]) -> None:
    """Note that all that is here now is applied."""
    _record(cloud).write_text(json.dumps({"digest": _digest(cloud, root), "outputs": outputs}))


def forget(cloud: Cloud) -> None:
    """Have the next `make up` ask Terraform."""
    _record(cloud).unlink(missing_ok=True)


def _record(cloud: Cloud) -> Path:
    return cloud.folder / "applied.json"  # a cloud that is started empties its folder


def _digest(cloud: Cloud, root: Root) -> str:
    """Of the cloud's process, the root's inputs, what it reads, and its state."""
    found = hashlib.sha256(json.dumps([cloud.pid(), str(root.folder), root.variables]).encode())
    for path in [*_files(TERRAFORM), ROOT / "dist" / "manifest.json", root.state_file]:
        content = path.read_bytes() if path.is_file() else b"none"
        found.update(f"\0{path}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    """The files of a folder that Terraform reads."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name not in _NO_INPUTS:
            yield from _files(path)
        elif path.is_file() and ".tfstate" not in path.name:
            yield path
