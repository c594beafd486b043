"""What Terraform and boto3 say of credentials, accounts, buckets and locks takes one line with what to do."""

import pytest
from botocore import exceptions as boto

from tasks.environment import refusals

BUCKET = "dragons-terraform-123456789012-us-east-1"
FOLDER = "terraform/environments/dev"
STS = (
    "Error: validating provider credentials: retrieving caller identity from STS: operation error STS: "
    "GetCallerIdentity, https response error StatusCode: 403, RequestID: R, api error "
)
LOCK = """
│ Error: Error acquiring the state lock
│
│ Error message: operation error S3: PutObject, https response error
│ StatusCode: 412, RequestID: R, HostID: , api error PreconditionFailed: At
│ least one of the pre-conditions you specified did not hold
│ Lock Info:
│   ID:        5f6f0c6e-3d6f-4d3b-9d0c-2f4c8d3b7a11
│   Path:      dragons-terraform-123456789012-us-east-1/dragons/dev/terraform.tfstate
│   Operation: OperationTypeApply
│   Who:       ann@laptop
│   Version:   1.11.4
│   Created:   2026-11-28 09:00:00.123456789 +0000 UTC
│   Info:
│
│ Terraform acquires a state lock to protect the state from being written
│ by multiple users at the same time.
"""
LOCK_403 = f"""
Error: Error acquiring the state lock

Error message: operation error S3: PutObject, https response error
StatusCode: 403, RequestID: R, HostID: , api error AccessDenied: Access
Denied
unable to retrieve file from S3 bucket
'{BUCKET}' with key
'dragons/dev/terraform.tfstate.tflock': operation error S3: GetObject, https
response error StatusCode: 403, RequestID: R, HostID: , api error
AccessDenied: Access Denied
"""
NO_ACCESS = (
    f'Error: Error refreshing state: Unable to access object "dragons/dev/terraform.tfstate" '
    f'in S3 bucket "{BUCKET}": '
    "operation error S3: HeadObject, https response error StatusCode: 403, RequestID: , HostID: , "
    "api error Forbidden: Forbidden"
)
NO_BUCKET = f"""
Error: Failed to get existing workspaces: S3 bucket "{BUCKET}" does not exist.

The referenced S3 bucket must have been previously created.

Error: operation error S3: ListObjectsV2, https response error StatusCode: 404, NoSuchBucket:
"""
EXPIRED_S3 = (
    f'Error: error loading state: Unable to list objects in S3 bucket "{BUCKET}" with prefix "env:/": '
    "operation error S3: ListObjectsV2, https response error StatusCode: 400, RequestID: R, HostID: , "
    "api error ExpiredToken: The provided token has expired."
)
NO_CREDENTIALS = """
Error: No valid credential sources found

Please see https://developer.hashicorp.com/terraform/language/backend/s3
for more information about providing credentials.
"""

EXPIRED = "your AWS credentials have expired"
UNKNOWN = "AWS does not know these credentials"
NONE = "this shell has no AWS credentials"


def client_error(code: str, message: str) -> str:
    return str(boto.ClientError({"Error": {"Code": code, "Message": message}}, "GetCallerIdentity"))


@pytest.mark.parametrize(
    ("said", "message", "remedy"),
    [
        (
            f"{STS}ExpiredToken: The security token included in the request is expired",
            EXPIRED,
            "aws sso login",
        ),
        (EXPIRED_S3, EXPIRED, "aws sso login"),
        (client_error("ExpiredTokenException", "The token is expired"), EXPIRED, "aws sso login"),
        (str(boto.UnauthorizedSSOTokenError()), EXPIRED, "aws sso login"),
        (
            str(boto.TokenRetrievalError(provider="sso", error_msg="Token has expired and refresh failed")),
            EXPIRED,
            "aws sso login",
        ),
        (
            f"{STS}InvalidClientTokenId: The security token ... is invalid.",
            UNKNOWN,
            "aws sts get-caller-identity",
        ),
        (client_error("UnrecognizedClientException", "..."), UNKNOWN, "aws sts get-caller-identity"),
        (NO_CREDENTIALS, NONE, "export AWS_PROFILE=<a profile of dev's account>"),
        (str(boto.NoCredentialsError()), NONE, "export AWS_PROFILE=<a profile of dev's account>"),
        (
            "Error: failed to get shared config profile, nobody\n",
            "AWS_PROFILE=nobody is no profile of ~/.aws/config",
            "aws configure list-profiles",
        ),
        (
            str(boto.ProfileNotFound(profile="nobody")),
            "AWS_PROFILE=nobody is no profile of ~/.aws/config",
            "aws configure list-profiles",
        ),
        (
            "Error: Invalid account ID\n\nAWS account ID not allowed: 123456789012\n",
            "these credentials are of account 123456789012, which is not dev's (allowed_account_ids)",
            "export AWS_PROFILE=<a profile of its account>",
        ),
        (NO_BUCKET, f"the bucket {BUCKET} for Terraform's state is not there", "make bootstrap ENV=dev"),
        (NO_ACCESS, f"the bucket {BUCKET} for Terraform's state is another account's", "export AWS_PROFILE"),
        (LOCK_403, f"the bucket {BUCKET} for Terraform's state is another account's", "export AWS_PROFILE"),
        (
            LOCK,
            "the state is locked by ann@laptop, since 2026-11-28 09:00:00 UTC (OperationTypeApply)",
            f"terraform -chdir={FOLDER} force-unlock 5f6f0c6e-3d6f-4d3b-9d0c-2f4c8d3b7a11",
        ),
        (
            "Error: Saved plan is stale\n\nThe given plan file can ...",
            "what is deployed has changed",
            "run it again",
        ),
        (
            "Error: Backend configuration changed\n\nA change ...",
            "backend.hcl names another place",
            "-reconfigure",
        ),
        (
            'Error: Failed to persist state to backend.\n... "errored.tfstate" ... ExpiredToken',
            f"the state could not be written to its bucket, and is in {FOLDER}/errored.tfstate",
            f"terraform -chdir={FOLDER} state push errored.tfstate",
        ),
    ],
)
def test_a_refusal_is_explained(said: str, message: str, remedy: str) -> None:
    error = refusals.explained(said, "dev", code=1)
    assert error is not None
    assert str(error).startswith(message)
    assert "\n" not in str(error) + error.remedy
    assert remedy in error.remedy
    assert (error.detail, error.code) == ("", 1)


def test_what_an_apply_said_is_shown_too() -> None:
    error = refusals.explained(EXPIRED_S3, "dev", changes=True)
    assert error is not None
    assert error.detail == EXPIRED_S3


@pytest.mark.parametrize(
    "said",
    [
        "",
        'Error: Invalid index\n\n  on main.tf line 3:\n   3: value = local.names["bucket"]\n',
        client_error("ResourceNotFoundException", "Function not found"),
        "Error: creating S3 Bucket (dragons-dev): api error BucketAlreadyExists: The name is not available.",
    ],
)
def test_what_is_no_such_refusal_is_left_as_it_is(said: str) -> None:
    assert refusals.explained(said, "dev") is None
