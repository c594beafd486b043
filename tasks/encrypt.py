"""`make encrypt`: a text that only this environment's functions decrypt, to stand in a Terraform block."""

import argparse
import base64
import getpass
import sys

from tasks.environment.environment import Environment
from tasks.processes.steps import StepError

LIMIT = 4096
"""Bytes that KMS encrypts by itself. Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the text."""
    parser.add_argument("--text", default="", help="what to encrypt (default: asked for, and not shown)")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Print the text, encrypted with the environment's key and in its context, in base64.

    Raises:
        StepError: There is no text, it is too long, or the environment has no key of its own.
    """
    environment.enter_tools()
    text = (arguments.text or _asked()).encode()
    if not text:
        raise StepError("TEXT=<text> is missing", "or leave it out at a terminal, and you are asked for it")
    if len(text) > LIMIT:
        raise StepError(f"TEXT has {len(text)} bytes, and KMS encrypts {LIMIT} at most")
    encryption = environment.outputs().get("encryption")
    if encryption is None:
        raise StepError(
            f"{environment.name} has no key of its own",
            f"set customer_key in {environment.settings.shown}, then `make apply ENV={environment.name}`",
        )
    encrypted = environment.client("kms").encrypt(
        KeyId=encryption["key_arn"], Plaintext=text, EncryptionContext=encryption["context"]
    )
    print(base64.b64encode(encrypted["CiphertextBlob"]).decode())


def _asked() -> str:
    return getpass.getpass("Text: ") if sys.stdin.isatty() else ""
