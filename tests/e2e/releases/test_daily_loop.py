"""The daily loop: code is replaced as it is saved, deployed when it works, and invoked.

Each test leaves the code of this repository: then Terraform finds nothing to change.
"""

import json
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from support.edited_copy import REASON, EditedCopy
from support.system import Api, poll
from support.under_test import applied_from
from tasks.code.smoke import SmokeTest
from tasks.environment.terraform import Root

pytestmark = pytest.mark.release

ROOT = Path(__file__).parents[3]
LAYER_SECONDS = 120
"""Each function starts anew with the layer, and is tried before it serves."""
NEW_REASON = "is not a filter of the saved code"
FAILING = """
_read = read_request


def read_request(event):
    if "colour" in str(event["queryStringParameters"]):
        raise RuntimeError
    return _read(event)
"""
FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))


@pytest.fixture(scope="module")
def root() -> Iterator[Root]:
    """The root that the system under test was made from; in the end it has nothing to change."""
    found = applied_from()
    yield found
    assert found.plan_is_clean()


@pytest.fixture
def checkout(root: Root, tmp_path: Path) -> Iterator[EditedCopy]:
    made = EditedCopy(tmp_path)
    yield made
    shutil.copy(ROOT / "functions/list_dragons/request.py", made.source)
    code, printed, errors = made.run("deploy", "--function=list_dragons")
    assert code == 0, printed + errors


def reason(api: Api) -> str:
    found: str = api.get("/dragons?colour=red").json()["errors"][0]["reason"]
    return found


def test_what_is_saved_is_served_and_an_error_stops_nothing(checkout: EditedCopy, api: Api) -> None:
    watching = checkout.start("watch")
    try:
        assert watching.stdout is not None
        assert watching.stdout.readline().startswith("watching functions, shared, layers and terraform")
        checkout.replace(REASON, NEW_REASON)
        poll(lambda: reason(api) == NEW_REASON or None, "the saved code", 60, 0.05)
        assert "functions/list_dragons/request.py: list_dragons " in watching.stdout.readline()
        checkout.source.write_text(checkout.source.read_text() + "x = (\n")
        assert watching.stderr is not None
        assert "error: functions/list_dragons/request.py: line" in watching.stderr.readline()
        assert reason(api) == NEW_REASON
        shutil.copy(ROOT / "functions/list_dragons/request.py", checkout.source)
        poll(lambda: reason(api) == REASON or None, "the code of before", 60, 0.05)
    finally:
        watching.send_signal(signal.SIGINT)
        printed, errors = watching.communicate(timeout=20)
    assert (watching.returncode, errors) == (0, "")
    assert printed.endswith("stopped\n")


@pytest.fixture
def _no_more_versions(outputs: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[None]:
    """Delete the versions of the layer that a test has published: Terraform knows nothing of them."""
    functions = aws("lambda")
    found = functions.get_function(FunctionName=outputs["functions"]["list_dragons"])
    [layer] = found["Configuration"]["Layers"]
    name = layer["Arn"].rpartition(":")[0]

    def versions() -> set[int]:
        return {each["Version"] for each in functions.list_layer_versions(LayerName=name)["LayerVersions"]}

    before = versions()
    yield
    for version in versions() - before:
        functions.delete_layer_version(LayerName=name, VersionNumber=version)


@pytest.mark.usefixtures("_no_more_versions")
def test_a_layer_that_is_saved_reaches_every_function(checkout: EditedCopy, api: Api) -> None:
    shared = checkout.folder / "shared" / "dragons" / "errors.py"
    text = shared.read_text()
    watching = checkout.start("watch")
    try:
        assert watching.stdout is not None
        watching.stdout.readline()
        shared.write_text(text.replace('"errors"', '"faults"'))
        poll(
            lambda: "faults" in api.get("/dragons?colour=red").json() or None,
            "the saved layer",
            LAYER_SECONDS,
        )
        line = watching.stdout.readline()
        assert all(name in line for name in ("authorize_partner", "list_dragons", "write_dataset"))
        shared.write_text(text)
        poll(
            lambda: "errors" in api.get("/dragons?colour=red").json() or None,
            "the layer of before",
            LAYER_SECONDS,
        )
        watching.stdout.readline()
    finally:
        watching.send_signal(signal.SIGINT)
        watching.communicate(timeout=20)


def test_code_that_fails_is_never_served(checkout: EditedCopy, api: Api) -> None:
    checkout.replace("def read_request(", "def read_request(*_):\n    raise RuntimeError\n\n\ndef other(")
    code, _, errors = checkout.run("deploy", "--function=list_dragons")
    assert code == 1
    assert "RuntimeError" in errors
    assert "list_dragons: the code of before serves on" in errors
    assert "error: the new code fails with tests/fixtures/events/smoke/list_dragons.json" in errors
    assert reason(api) == REASON


def test_code_that_works_is_deployed_and_invoked(checkout: EditedCopy, api: Api) -> None:
    checkout.replace(REASON, NEW_REASON)
    code, printed, errors = checkout.run("deploy", "--function=list_dragons")
    assert code == 0, errors
    assert "list_dragons: version " in printed
    assert reason(api) == NEW_REASON
    event = checkout.folder / "tests/fixtures/events/rest_proxy.json"
    code, printed, errors = checkout.run("invoke", "--function=list_dragons", f"--event={event}")
    assert code == 0, errors
    assert json.loads(printed)["statusCode"] == 200
    assert "REPORT RequestId: " in errors
    assert "Root=" not in errors
    assert ", 1-" in errors.splitlines()[-1]


def deployed(functions: Any, live: str) -> tuple[Any, list[Any], Any]:
    """All that a tuning could leave behind: the newest configuration, the versions, and what serves."""
    arn = live.rpartition(":")[0]
    newest = functions.get_function_configuration(FunctionName=arn)
    versions = functions.list_versions_by_function(FunctionName=arn)["Versions"]
    aliases = functions.list_aliases(FunctionName=arn)["Aliases"]
    return newest["MemorySize"], [each["Version"] for each in versions], aliases


def test_a_function_is_tuned_and_left_as_it_was(
    checkout: EditedCopy, outputs: dict[str, Any], aws: Callable[[str], Any]
) -> None:
    live = outputs["functions"]["pre_token_generation"]
    before = deployed(aws("lambda"), live)
    code, printed, errors = checkout.run(
        "tune", "--function=pre_token_generation", "--sizes=128,320", "--invocations=3"
    )
    assert code == 0, printed + errors
    assert "suggested: memory_mb = " in printed
    assert (checkout.folder / "dist/tune/pre_token_generation.svg").read_text().startswith("<svg ")
    assert deployed(aws("lambda"), live) == before


@pytest.fixture
def shifted(root: Root, tmp_path: Path) -> Iterator[EditedCopy]:
    """A copy to edit; in the end everybody gets the code of this repository."""
    made = EditedCopy(tmp_path)
    yield made
    shutil.copy(ROOT / "functions/list_dragons/request.py", made.source)
    code, printed, errors = made.run("shift", "--function=list_dragons", "--steps=100")
    assert code == 0, printed + errors
    assert "nothing to shift" in made.run("shift", "--function=list_dragons")[1]


def test_a_shift_to_code_that_fails_is_taken_back_by_itself(shifted: EditedCopy, api: Api) -> None:
    with shifted.source.open("a") as source:
        source.write(FAILING)
    shifting = shifted.start("shift", "--function=list_dragons", "--steps=50,100", "--every=3")

    def ended() -> bool | None:
        api.get("/dragons?colour=red")
        return None if shifting.poll() is None else True

    poll(ended, "the shift to end", 40, 0.05)
    printed, errors = shifting.communicate()
    assert shifting.returncode == 1, printed
    assert " with 50 % to " in printed
    assert "error: list_dragons: taken back at 50 %, since version " in errors
    assert "`make shift` goes on" in errors
    assert {reason(api) for _ in range(10)} == {REASON}


@pytest.mark.parametrize(
    "name", sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))
)
def test_a_function_passes_its_smoke_test(name: str, outputs: dict[str, Any]) -> None:
    qualified = outputs["functions"][name]
    client = boto3.client("lambda", region_name=qualified.split(":")[3])  # the edge has its own
    found = client.get_function_configuration(FunctionName=qualified)
    SmokeTest.of(name).run(client, qualified.rpartition(":")[0], int(found["Version"]))
