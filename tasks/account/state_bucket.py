"""The bucket that holds Terraform's state: one an account and region, made and brought to its rules.

What is there already is read first, so that a second run writes nothing and one that broke off is completed.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tasks.processes.steps import StepError

if TYPE_CHECKING:
    from collections.abc import Callable

KEPT_DAYS = 90
"""How long an earlier state can be had back."""

_PUBLIC_ACCESS = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
_RULE = {
    "ID": "earlier-states",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "NoncurrentVersionExpiration": {"NoncurrentDays": KEPT_DAYS},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
}
_NOTHING_YET = {
    "NoSuchBucketPolicy",
    "NoSuchLifecycleConfiguration",
    "NoSuchPublicAccessBlockConfiguration",
    "ServerSideEncryptionConfigurationNotFoundError",
}


def name_of(account: str, region: str) -> str:
    """The bucket's name, which is the same on every machine that deploys to an account."""
    return f"dragons-terraform-{account}-{region}"


def require_name(bucket: str) -> None:
    """Make sure that what somebody wrote can be a bucket's name; nothing is the name by account and region.

    Raises:
        StepError: It can not.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    """
    if bucket and not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket):
        raise StepError(
            f"BUCKET={bucket} is not a bucket's name: take 3 to 63 lower-case letters, digits and hyphens"
        )


class StateBucket:
    """A bucket for Terraform's state.

    Args:
        s3: A client of S3 in the bucket's region.
        name: The bucket's.
        account: The account that owns it, or is to: twelve digits.
        region: Where it is, or is to be.
    """

    def __init__(self, s3: Any, name: str, account: str, region: str) -> None:
        self._s3 = s3
        self._name = name
        self._owned: dict[str, Any] = {"Bucket": name, "ExpectedBucketOwner": account}
        self._region = region

    def exists(self) -> bool:
        """Whether it is there, in this account.

        Raises:
            StepError: The name is another account's, or may not be asked about.

        Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
        """
        try:
            self._s3.head_bucket(**self._owned)
        except self._s3.exceptions.ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return False
            if _code(error) in ("403", "AccessDenied"):
                raise self._not_ours() from error
            raise
        return True

    def bring_up_to_date(self) -> list[str]:
        """Make it, unless it is there, and give it the rules that it lacks.

        Returns:
            What was done, in a few words each; none if nothing was to do.

        Raises:
            StepError: The name is another account's.
        """
        done = [] if self.exists() else [self._create()]
        rules = {
            "versioned": self._version,
            "encrypted": self._encrypt,
            "closed to the public": self._close,
            "TLS only": self._require_tls,
            f"earlier states kept for {KEPT_DAYS} days": self._expire,
        }
        return done + [words for words, bring in rules.items() if bring()]

    def _create(self) -> str:
        where = {"LocationConstraint": self._region}
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html: us-east-1 must not be named
        options = {} if self._region == "us-east-1" else {"CreateBucketConfiguration": where}
        try:
            self._s3.create_bucket(Bucket=self._name, **options)
        except self._s3.exceptions.BucketAlreadyExists as error:
            raise self._not_ours() from error
        return "made"

    def _version(self) -> bool:
        if self._s3.get_bucket_versioning(**self._owned).get("Status") == "Enabled":
            return False
        self._s3.put_bucket_versioning(**self._owned, VersioningConfiguration={"Status": "Enabled"})
        return True

    def _encrypt(self) -> bool:
        """Any encryption will do: a key of the team's own stays."""
        if self._read(self._s3.get_bucket_encryption, "ServerSideEncryptionConfiguration"):
            return False
        rules = [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        self._s3.put_bucket_encryption(**self._owned, ServerSideEncryptionConfiguration={"Rules": rules})
        return True

    def _close(self) -> bool:
        if self._read(self._s3.get_public_access_block, "PublicAccessBlockConfiguration") == _PUBLIC_ACCESS:
            return False
        self._s3.put_public_access_block(**self._owned, PublicAccessBlockConfiguration=_PUBLIC_ACCESS)
        return True

    def _require_tls(self) -> bool:
        """Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html."""
        arn = f"arn:aws:s3:::{self._name}"
        statement = {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [arn, f"{arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        policy = json.loads(self._read(self._s3.get_bucket_policy, "Policy") or '{"Version": "2012-10-17"}')
        others = [each for each in policy.get("Statement", []) if each.get("Sid") != statement["Sid"]]
        wanted = policy | {"Statement": [*others, statement]}
        if wanted == policy:
            return False
        self._s3.put_bucket_policy(**self._owned, Policy=json.dumps(wanted))
        return True

    def _expire(self) -> bool:
        rules = self._read(self._s3.get_bucket_lifecycle_configuration, "Rules") or []
        others = [each for each in rules if each.get("ID") != _RULE["ID"]]
        if [*others, _RULE] == rules:
            return False
        self._s3.put_bucket_lifecycle_configuration(
            **self._owned, LifecycleConfiguration={"Rules": [*others, _RULE]}
        )
        return True

    def _read(self, get: Callable[..., Any], field: str) -> Any:
        """A setting; none if the bucket has none yet."""
        try:
            return get(**self._owned)[field]
        except self._s3.exceptions.ClientError as error:
            if _code(error) in _NOTHING_YET:
                return None
            raise

    def _not_ours(self) -> StepError:
        return StepError(
            f"the bucket {self._name} is another account's, or closed to your credentials",
            "sign in to its account (AWS_PROFILE), or name another with BUCKET=",
        )


def _code(error: Any) -> str:
    return str(error.response["Error"]["Code"])
