"""The yardstick of cold starts: a client, and nothing else."""

import boto3

s3 = boto3.client("s3")
