"""The session of boto3 that commands talk to AWS with: it follows a credentials file that is rewritten.

AWS Cloud9 rewrites `~/.aws/credentials` every five minutes, and tools that sign in for an hour do it, too.
boto3 reads the file once for each client, so a command that takes longer than its credentials would fail.
What botocore renews itself (SSO, a role that a profile assumes, containers, instances) is left to it.

Sources: https://docs.aws.amazon.com/cloud9/latest/user-guide/security-iam.html (AWS managed temporary
credentials) and https://docs.aws.amazon.com/boto3/latest/guide/credentials.html (where they are looked for)
"""

from typing import Any

import boto3
import botocore.session
from botocore.credentials import CredentialProvider, Credentials, ReadOnlyCredentials
from botocore.exceptions import BotoCoreError


def session() -> boto3.Session:
    """A session whose clients sign each request with what the credentials file says by then."""
    core = botocore.session.get_session()
    found = core.get_component("credential_provider")
    file = found.get_provider("shared-credentials-file")
    found.insert_before(file.METHOD, _FollowedFile(file))
    return boto3.Session(botocore_session=core)


class _FollowedFile(CredentialProvider):
    METHOD = "followed-credentials-file"

    def __init__(self, file: Any) -> None:
        super().__init__()
        self._file = file

    def load(self) -> Credentials | None:
        found = self._file.load()
        return found and _Followed(self._file, found)


class _Followed(Credentials):
    """What a file says whenever a request is signed."""

    def __init__(self, file: Any, found: Credentials) -> None:
        super().__init__(found.access_key, found.secret_key, found.token, method=found.method)
        self._file = file

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        try:
            found = self._file.load()
        except BotoCoreError:  # half of it is written
            found = None
        if found:
            self.access_key, self.secret_key, self.token = found.access_key, found.secret_key, found.token
        return super().get_frozen_credentials()
