"""Packages every folder of `functions/` and `layers/` into `dist/`, and writes `dist/manifest.json`.

Usage: python build.py [--python 3.13] [--arch x86_64|arm64] [--json] [--why NAME] [--check]

Python 3.11 or newer, standard library only; wheels come through pip, once per lock. The package `packager`
has the steps.
"""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this file is what tells the user
    sys.exit("build.py: needs Python 3.11 or newer; run it with another python3")

from packager.unchanged import unchanged_report

ROOT = os.path.dirname(os.path.abspath(__file__))

if __name__ == "__main__":
    words = unchanged_report(ROOT, sys.argv[1:])
    if words is not None:
        print(words)
    else:
        from packager.command import main

        code = main(sys.argv[1:], root=ROOT)
        sys.stdout.flush()
        os._exit(code)  # all is in its place; what Python would still tidy up takes a tenth of a build
