"""`python -m tasks.publishing`: publishes to the local cloud, in `.venv`, where boto3 is.

The last line that it prints begins with `unchanged` if there was nothing to do.
"""

import argparse
import json
import sys
from functools import partial

import boto3

from tasks.processes.steps import StepError, report
from tasks.publishing.publisher import Publisher


def main() -> int:
    """Publish as live."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outputs", required=True, type=json.loads, help="the environment's, as JSON")
    parser.add_argument("--region", required=True)
    parser.add_argument("--endpoint", required=True, help="of the local cloud")
    given = parser.parse_args()
    client = partial(boto3.client, region_name=given.region, endpoint_url=given.endpoint)
    try:
        print(Publisher(client, given.outputs).publish("live", print))
    except StepError as error:
        report(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
