"""The script that many a repository has: `pip install -t`, then `zip -r9`."""

import shlex

from bench.sam_template import Manifest


def pip_script(manifest: Manifest, python: str) -> str:
    """A shell script that packages the functions and layers of a manifest into `zips`.

    Args:
        manifest: Whose names count.
        python: The target's Python, whose pip installs.
    """
    lines = ["set -e", "rm -rf zips staged", "mkdir -p zips/functions zips/layers"]
    for name in manifest["functions"]:
        lines += _zip(f"functions/{name}", "", python)
    for name in manifest["layers"]:
        lines += _zip(f"layers/{name}", "/python", python)
    return "\n".join([*lines, ""])


def _zip(label: str, below: str, python: str) -> list[str]:
    staged = f"staged/{label}{below}"
    lock = f"{staged}/requirements.txt"
    install = f"{shlex.quote(python)} -m pip install --quiet -t {staged} -r {lock}"
    return [
        f"mkdir -p {staged}",
        f"cp -r {label}/. {staged}",
        f"[ ! -f {lock} ] || {install}",
        f'(cd staged/{label} && zip -qr9 "$OLDPWD/zips/{label}.zip" .)',
    ]
