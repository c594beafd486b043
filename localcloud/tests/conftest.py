"""What holds for every test, and a user pool's domain with its triggers for the OAuth 2.0 endpoints."""

from collections.abc import Iterator

import pytest
from hypothesis import settings
from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool

from localcloud.cognito_idp import sessions, triggers, users
from localcloud.cognito_idp.pools import signing_key
from localcloud.tokens.keys import KeySource
from localcloud.tokens.verifier import Verifier
from tests.hosted_ui import Browser, Functions, Hosted, hosted
from tests.running_cloud import Cloud, running_cloud

# How long an example takes says nothing where other checks run beside it.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

TRIGGERS = ("PreSignUp", "PostConfirmation", "PreAuthentication", "PostAuthentication", "PreTokenGeneration")
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:trigger:live"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest test goes first: where two processes share them, the other does the rest meanwhile."""
    items.sort(key=lambda item: item.path.name != "test_example.py")


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A cloud with a bucket; what asks for it is in the xdist group `cloud`, so that there is one."""
    with running_cloud(tmp_path_factory.mktemp("cloud")) as made:
        made.client("s3").create_bucket(Bucket="jobs")
        yield made


@pytest.fixture
def functions(monkeypatch: pytest.MonkeyPatch) -> Functions:
    """The triggers' functions."""
    made = Functions()
    monkeypatch.setattr(triggers, "invoke", made.invoke)
    return made


@pytest.fixture
def ui(functions: Functions, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hosted]:
    """The domain."""
    monkeypatch.setattr(CognitoIdpUserPool, "_get_user", users.find_user)
    with hosted("unit-oauth", dict.fromkeys(TRIGGERS, FUNCTION)) as made:
        key = signing_key(made.pool.id)
        source = KeySource(lambda _: {str(key.kid): key})
        monkeypatch.setattr(sessions, "verify", Verifier(source).verify)
        yield made


@pytest.fixture
def ann(ui: Hosted) -> CognitoIdpUser:
    """The usual user."""
    return ui.add_user()


@pytest.fixture
def browser() -> Browser:
    """A browser that has been nowhere."""
    return Browser()
