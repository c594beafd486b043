"""The launcher of the local cloud: tools, processes, Terraform and samples behind `make`.

Standard library only, Python 3.11 or newer: it starts before anything of the project is installed. What needs
boto3 (`samples`, `release`, `partner`) it runs as commands of their own under the project's interpreter.
The LocalStack plugin is a distribution of its own, in `plugin/`.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this line is what tells an older one
    sys.exit("error: python3 is older than 3.11: install Python 3.13 and run this again")
