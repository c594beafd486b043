"""What `make` runs, against the local cloud and AWS alike.

Standard library only, Python 3.11 or newer: it starts before anything of the project is installed. What needs
boto3 goes on under the project's interpreter (`Environment.enter_tools`).
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this line is what tells an older one
    sys.exit("error: python3 is older than 3.11: install Python 3.13 and run this again")
