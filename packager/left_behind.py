"""Names of what editors, systems and tools leave in a folder, and nobody wants on Lambda."""

import fnmatch
import os
import re

_NAMES = (
    # Editors: back-ups, locks and what was not saved.
    *("*~", "~$*", "#*#", ".#*", "*.sw[nop]", "*.bak", "*.orig", "*.rej", ".idea", ".vscode"),
    # File managers.
    *(".ds_store", "__macosx", "icon\r", "thumbs.db", "ehthumbs.db", "desktop.ini"),
    # Python and its tools; the cache of what a layer or wheel was compiled to is not one of them.
    *(
        "__pycache__",
        "*.py[co]",
        "*.egg-info",
        ".*_cache",
        ".coverage",
        ".hypothesis",
        ".tox",
        ".nox",
        ".venv",
    ),
    "node_modules",
)
_LEFT_BEHIND = re.compile("|".join(map(fnmatch.translate, _NAMES)), re.IGNORECASE)


def is_left_behind(name: str) -> bool:
    """Whether a file or folder of that name never ships."""
    return _LEFT_BEHIND.match(name) is not None


def is_virtual_environment(folder: str) -> bool:
    """Whether a folder is a virtual environment, whatever its name (PEP 405)."""
    return os.path.isfile(f"{folder}/pyvenv.cfg")
