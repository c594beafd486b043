"""What AWS and Terraform say of credentials, accounts, buckets and locks: one line each, with what to do.

The texts are those of Terraform 1.11, of its S3 backend, of the AWS provider 5.100 and of botocore 1.42;
`tests/unit/tasks/test_refusals.py` has them.
"""

import re
from dataclasses import dataclass

from tasks.processes.steps import StepError

_FRAME = re.compile(r"\x1b\[[0-9;]*m|[│╷╵]")
_SIGN_IN = "sign in again (`aws sso login`, or new keys in the profile), then run it again"
_PROFILE = "export AWS_PROFILE=<a profile of its account>, then run it again"


@dataclass(frozen=True)
class _Refusal:
    """A text to look for, and what it means; names in braces are the pattern's groups, `env` and `folder`."""

    pattern: str
    message: str
    remedy: str


# The first that fits: an expired token may stand inside what is said of a lock or of a bucket.
_REFUSALS = (
    _Refusal(
        r"errored\.tfstate",
        "the state could not be written to its bucket, and is in {folder}/errored.tfstate",
        "put right what Terraform says above, then `terraform -chdir={folder} state push errored.tfstate`",
    ),
    _Refusal(
        r"ExpiredToken|SSO session[^.]* has expired|Token has expired|refresh cached SSO token",
        "your AWS credentials have expired",
        _SIGN_IN,
    ),
    _Refusal(
        r"InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClientException|SignatureDoesNotMatch",
        "AWS does not know these credentials",
        "look at AWS_PROFILE and its keys: `aws sts get-caller-identity` must answer",
    ),
    _Refusal(
        r"No valid credential sources found|Unable to locate credentials|Partial credentials found",
        "this shell has no AWS credentials",
        "export AWS_PROFILE=<a profile of {env}'s account>, or sign in (`aws sso login`)",
    ),
    _Refusal(
        r"(?:failed to get shared config profile, |The config profile \()(?P<profile>[^\s)]+)",
        "AWS_PROFILE={profile} is no profile of ~/.aws/config",
        "`aws configure list-profiles` shows those that there are",
    ),
    _Refusal(
        r"AWS account ID not allowed: (?P<account>\d+)",
        "these credentials are of account {account}, which is not {env}'s (allowed_account_ids)",
        _PROFILE,
    ),
    _Refusal(
        r'S3 bucket "(?P<bucket>[^"]+)" does not exist',
        "the bucket {bucket} for Terraform's state is not there",
        "`make bootstrap ENV={env}` makes it, in the account of AWS_PROFILE",
    ),
    _Refusal(
        r"""(?:in|from) S3 bucket ["'](?P<bucket>[^"']+)["'].*StatusCode: 403""",
        "the bucket {bucket} for Terraform's state is another account's, or closed to these credentials",
        "export AWS_PROFILE=<a profile of its account>; docs/deploy.md names the permissions",
    ),
    _Refusal(
        r"Error acquiring the state lock .*ID: (?P<id>\S+) .*Operation: (?P<operation>\S+) "
        r"Who: (?P<who>.+?) Version: .*Created: (?P<created>\S+ \d+:\d+:\d+)",
        "the state is locked by {who}, since {created} UTC ({operation})",
        "wait for that command to end; if it is dead, `terraform -chdir={folder} force-unlock {id}`",
    ),
    _Refusal(
        r"Saved plan is stale",
        "what is deployed has changed since the plan was shown, and nothing was applied",
        "run it again, and look at the new plan",
    ),
    _Refusal(
        r"Backend configuration changed",
        "backend.hcl names another place for the state than this folder was initialised with",
        "`terraform -chdir={folder} init -reconfigure -backend-config=backend.hcl`, "
        "or -migrate-state in place of -reconfigure to take the state along",
    ),
)


def explained(said: str, environment: str, *, code: int = 0, changes: bool = False) -> StepError | None:
    """The error in one line, if it is one of those that have nothing to do with what is deployed.

    Args:
        said: What a tool has said, with its frames and colours.
        environment: Whose command it was.
        code: The tool's exit code.
        changes: Whether it may have changed something, so that all it said is of interest.
    """
    text = " ".join(_FRAME.sub(" ", said).split())
    names = {"env": environment, "folder": f"terraform/environments/{environment}"}
    for each in _REFUSALS:
        if found := re.search(each.pattern, text):
            words = names | found.groupdict()
            detail = said if changes else ""
            return StepError(each.message.format(**words), each.remedy.format(**words), detail, code)
    return None
