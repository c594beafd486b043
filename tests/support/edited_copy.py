"""A copy of this repository to edit, whose targets work on the system under test."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = ["build.py", "packager", "functions", "shared", "layers", "dist", "tasks"]
REASON = "is not a filter of this route"
"""What `list_dragons` says of an unknown filter."""


class EditedCopy:
    """A copy of this repository, whose targets work on the system under test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, folder / name)
        for name in ("support", "fixtures"):
            shutil.copytree(ROOT / "tests" / name, folder / "tests" / name)
        self.source = folder / "functions" / "list_dragons" / "request.py"

    def start(self, *words: str, folder: Path | None = None) -> subprocess.Popen[str]:
        """Start a target, of this copy or of another folder."""
        where = folder or self.folder
        return subprocess.Popen(
            [sys.executable, "-m", "support.under_test", *words],
            cwd=where,
            env=os.environ | {"PYTHONPATH": f"{where}:{where / 'tests'}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str) -> tuple[int, str, str]:
        """Run a target to its end: its exit code, and what it printed."""
        process = self.start(*words)
        printed, errors = process.communicate(timeout=120)
        return process.returncode, printed, errors

    def replace(self, old: str, new: str) -> None:
        """Save the source with another text."""
        text = self.source.read_text()
        assert old in text
        self.source.write_text(text.replace(old, new))
