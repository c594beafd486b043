"""`python -m preprocess <key> [<version>]`: cleans a file of the import bucket, and has it imported."""

import sys

import boto3

from dragons import config
from dragons.errors import ConfigurationError
from dragons.imports import ImportFile
from preprocess.job import RefusedError, preprocess
from preprocess.settings import Settings

NEWEST = "newest"
"""In the place of a version: a job definition has a default for each parameter."""


def main(key: str, version: str = NEWEST) -> None:
    """Clean one file, and say on standard output what was left out of it."""
    bucket = config.load(Settings, of="job's environment").import_bucket
    file = ImportFile(key, "" if version == NEWEST else version)
    cleaned = preprocess(boto3.client("s3"), bucket, file)
    print(f"{key}: {cleaned.lines} lines; left out: {cleaned.empty} empty, {cleaned.repeated} repeated")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: python -m preprocess <key> [<version>]")
    try:
        main(*sys.argv[1:])
    except (ConfigurationError, RefusedError) as error:
        sys.exit(f"error: {error}")
