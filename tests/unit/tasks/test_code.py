"""The code of deployed functions: what differs from what was built, and how it is replaced and tried."""

import base64
import hashlib
import io
import json
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tasks import deploy, invoke
from tasks.code import deployed, files, smoke
from tasks.code.deployed import DeployedCode
from tasks.code.smoke import SmokeTest
from tasks.environment import paths
from tasks.environment.environment import Environment
from tasks.processes.steps import StepError
from tasks.rollout.moves import Record, Routing, Shift

ARN = "arn:aws:lambda:us-east-1:000000000000:function:dragons-unit-"
LAYER = "arn:aws:lambda:us-east-1:000000000000:layer:dragons-unit-shared"
NAMES = ("list_dragons", "write_dataset")


def sha(code: bytes) -> str:
    return base64.b64encode(hashlib.sha256(code).digest()).decode()


class FakeLambda:
    """Functions with published versions and aliases; `calls` has what was changed, in order."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, ...]] = []
        self.latest = {f"{ARN}{name}": (sha(b"old"), f"{LAYER}:1") for name in NAMES}
        self.versions = {arn: [found] for arn, found in self.latest.items()}
        self.live = dict.fromkeys(self.latest, 1)
        self.layers = {f"{LAYER}:1": sha(b"old layer")}
        self.response: dict[str, Any] = {}
        self.invoked: list[dict[str, Any]] = []
        self.meta = SimpleNamespace(
            events=SimpleNamespace(register_first=lambda *_, **__: None, unregister=lambda *_, **__: None)
        )

    def get_function_configuration(self, FunctionName: str, Qualifier: str) -> dict[str, Any]:
        version = self.live[FunctionName] if Qualifier == "live" else int(Qualifier)
        code, layer = self.versions[FunctionName][version - 1]
        return {"CodeSha256": code, "Layers": [{"Arn": layer}]}

    def get_function(self, FunctionName: str, Qualifier: str) -> dict[str, Any]:
        found = self.get_function_configuration(FunctionName, Qualifier)
        return {"Configuration": found, "Code": {"Location": "http://somewhere/zip"}}

    def get_layer_version_by_arn(self, Arn: str) -> dict[str, Any]:
        return {"Content": {"CodeSha256": self.layers[Arn]}}

    def publish_layer_version(self, LayerName: str, Content: dict[str, bytes], **_: Any) -> dict[str, str]:
        self.calls.append(("layer", LayerName))
        arn = f"{LAYER}:{len(self.layers) + 1}"
        self.layers[arn] = sha(Content["ZipFile"])
        return {"LayerVersionArn": arn}

    def update_function_code(self, FunctionName: str, ZipFile: bytes) -> None:
        self.calls.append(("code", FunctionName))
        self.latest[FunctionName] = (sha(ZipFile), self.latest[FunctionName][1])

    def update_function_configuration(self, FunctionName: str, Layers: list[str]) -> None:
        self.calls.append(("layers", FunctionName))
        self.latest[FunctionName] = (self.latest[FunctionName][0], Layers[0])

    def publish_version(self, FunctionName: str) -> dict[str, str]:
        self.versions[FunctionName].append(self.latest[FunctionName])
        return {"Version": str(len(self.versions[FunctionName]))}

    def update_alias(self, FunctionName: str, Name: str, FunctionVersion: str, RoutingConfig: Any) -> None:
        self.calls.append((Name, FunctionName))
        self.live[FunctionName] = int(FunctionVersion)

    def get_waiter(self, name: str) -> Any:
        assert name == "function_updated"
        return SimpleNamespace(wait=lambda **_: None)

    def invoke(self, **request: Any) -> dict[str, Any]:
        self.invoked.append(request)
        log = base64.b64encode(b"REPORT RequestId: 1\tDuration: 2.50 ms").decode()
        answer = {"Payload": io.BytesIO(b"null"), "LogResult": log, "ExecutedVersion": "1"}
        return answer | self.response


class FakeParameters:
    """Pins, and the log of what served."""

    def __init__(self) -> None:
        self.pins: dict[str, int] = {}
        self.shifts: dict[str, Shift] = {}
        self.noted: dict[str, Record] = {}

    def read(self) -> Routing:
        return Routing(self.pins, shifts=self.shifts)

    def log(self, name: str) -> tuple[list[Record], bool]:
        return [self.noted.get(name, Record("2026", 1))], False

    def note(self, name: str, record: Record) -> None:
        self.noted[name] = record


@pytest.fixture
def client() -> FakeLambda:
    return FakeLambda()


@pytest.fixture
def parameters() -> FakeParameters:
    return FakeParameters()


@pytest.fixture
def code(client: FakeLambda, parameters: FakeParameters) -> DeployedCode:
    told: Any = parameters
    return DeployedCode(client, told, {name: f"{ARN}{name}:live" for name in NAMES})


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(deployed, "ROOT", tmp_path)
    monkeypatch.setattr(smoke, "ROOT", tmp_path)
    monkeypatch.setattr(smoke, "EVENTS", tmp_path)
    (tmp_path / "dist").mkdir()
    return tmp_path


def build(repository: Path, layer: bytes = b"old layer", **codes: bytes) -> deployed.Manifest:
    """What build.py leaves behind."""
    manifest: dict[str, Any] = {"functions": {}, "layers": {}}
    for kind, name, content in [
        *(("functions", name, codes.get(name, b"old")) for name in NAMES),
        ("layers", "shared", layer),
    ]:
        (repository / name).write_bytes(content)
        manifest[kind][name] = {
            "path": name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "runtime": "python3.13",
            "architecture": "x86_64",
        }
    (repository / "dist" / "manifest.json").write_text(json.dumps(manifest))
    return deployed.read_manifest()


def test_what_was_built_and_serves_is_left_alone(code: DeployedCode, repository: Path) -> None:
    assert code.stale(build(repository)) == []


def test_changed_code_is_published_before_it_serves(
    code: DeployedCode, client: FakeLambda, parameters: FakeParameters, repository: Path
) -> None:
    manifest = build(repository, list_dragons=b"new")
    assert code.stale(manifest) == ["list_dragons"]
    version = code.publish("list_dragons", manifest)
    assert (version, client.live[f"{ARN}list_dragons"]) == (2, 1)
    code.serve("list_dragons", version)
    assert client.live[f"{ARN}list_dragons"] == 2
    assert parameters.noted == {"list_dragons": Record("2026", 2)}
    assert [call[0] for call in client.calls] == ["code", "live", "canary"]
    assert code.stale(manifest) == []


def test_where_live_is_held_the_newest_version_is_what_counts(
    code: DeployedCode, client: FakeLambda, repository: Path
) -> None:
    version = code.publish("list_dragons", build(repository, list_dragons=b"bad"))
    newest = code.at("list_dragons", version)
    assert newest.stale(build(repository, list_dragons=b"bad")) == []
    manifest = build(repository)  # the code that live has: it is published anew, behind the bad one
    assert newest.stale(manifest) == ["list_dragons"]
    assert newest.publish("list_dragons", manifest) == 3
    assert client.versions[f"{ARN}list_dragons"][2] == client.versions[f"{ARN}list_dragons"][0]


def test_a_changed_layer_is_published_once_and_its_return_is_the_version_of_before(
    code: DeployedCode, client: FakeLambda, repository: Path
) -> None:
    for layer in (b"new layer", b"old layer"):
        manifest = build(repository, layer)
        assert code.stale(manifest) == list(NAMES)
        for name in NAMES:
            code.serve(name, code.publish(name, manifest))
        assert code.stale(manifest) == []
    assert client.calls.count(("layer", "dragons-unit-shared")) == 1
    assert {layer for _, layer in client.latest.values()} == {f"{LAYER}:1"}
    assert not [call for call in client.calls if call[0] == "code"]


def test_what_is_taken_back_is_the_newest_version_of_the_code_that_serves(
    code: DeployedCode, client: FakeLambda, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deployed, "fetch", lambda _: b"old")
    code.publish("list_dragons", build(repository, b"new layer", list_dragons=b"new"))
    assert code.take_back("list_dragons") == 3
    assert client.versions[f"{ARN}list_dragons"][2] == client.versions[f"{ARN}list_dragons"][0]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("none", "FUNCTION=none is not a function that is deployed"),
        ("", "FUNCTION=<name> is missing"),
        ("list_dragons", "list_dragons is pinned at version 3"),
        ("write_dataset", "write_dataset is held at version 4 by a shift"),
    ],
)
def test_what_cannot_be_replaced_is_refused(
    code: DeployedCode, parameters: FakeParameters, name: str, told: str
) -> None:
    parameters.pins = {"list_dragons": 3}
    parameters.shifts = {"write_dataset": Shift(4, 10)}
    with pytest.raises(StepError) as caught:
        code.require(name)
    assert str(caught.value) == told
    assert caught.value.remedy


def test_new_code_is_not_tried_while_its_function_is_halted(
    code: DeployedCode, client: FakeLambda, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deploy, "deployed_code", lambda _: code)
    environment: Any = SimpleNamespace(
        enter_tools=lambda: None, outputs=lambda: {"halted": {"list_dragons": "parameter"}}
    )
    with pytest.raises(StepError, match="list_dragons is halted: new code could not be tried"):
        deploy.run(environment, Namespace(function="list_dragons", auto_approve=""))
    assert not client.calls


@pytest.mark.parametrize("text", ["{", "[]", "{}", None])
def test_a_smoke_test_that_is_none_names_its_file(repository: Path, text: str | None) -> None:
    if text is not None:
        (repository / "list_dragons.json").write_text(text)
    with pytest.raises(StepError, match=r"list_dragons\.json is"):
        SmokeTest.of("list_dragons")


FAILED = {"FunctionError": "Unhandled", "Payload": b'{"errorMessage": "Unauthorized"}'}


@pytest.mark.parametrize(
    ("error", "response", "passes"),
    [
        ("", {}, True),
        ("", {"Payload": b'{"statusCode": 404}'}, True),
        ("", {"Payload": b'{"statusCode": 500}'}, False),
        ("", FAILED, False),
        ("Unauthorized", FAILED, True),
        ("Forbidden", FAILED, False),
        ("Unauthorized", {}, False),
    ],
)
def test_a_smoke_test_passes_where_it_comes_to_what_is_expected(
    client: FakeLambda, error: str, response: dict[str, Any], passes: bool
) -> None:
    client.response = {k: io.BytesIO(v) if k == "Payload" else v for k, v in response.items()}
    test = SmokeTest(Path("smoke.json"), {"a": 1}, error)
    if passes:
        test.run(client, "f", 2)
    else:
        with pytest.raises(StepError, match=r"the new code fails with smoke\.json"):
            test.run(client, "f", 2)
    [request] = client.invoked
    assert (request["Qualifier"], json.loads(request["Payload"])) == ("2", {"a": 1})


@pytest.mark.parametrize(("said", "approved", "asks"), [("yes", "", True), ("", "yes", False)])
def test_aws_is_changed_only_by_a_yes(
    monkeypatch: pytest.MonkeyPatch, said: str, approved: str, asks: bool
) -> None:
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return said

    monkeypatch.setattr("builtins.input", answer)
    deploy.ask(Environment("prod"), "Deploy list_dragons?", approved)
    assert bool(asked) is asks


@pytest.mark.parametrize(("said", "approved"), [("y", ""), ("", ""), ("yes", "maybe")])
def test_aws_is_not_changed_by_anything_else(
    monkeypatch: pytest.MonkeyPatch, said: str, approved: str
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: said)
    with pytest.raises(StepError):
        deploy.ask(Environment("prod"), "Deploy list_dragons?", approved)


class Invoked:
    """An environment with one function."""

    def __init__(self, client: FakeLambda) -> None:
        self._client = client

    def enter_tools(self) -> None:
        """Tests run where the tools are."""

    def outputs(self) -> dict[str, Any]:
        return {"functions": {"list_dragons": f"{ARN}list_dragons:live"}}

    def client(self, _service: str, _region: str = "") -> FakeLambda:
        return self._client


def test_an_invocation_shows_result_log_version_and_duration(
    client: FakeLambda, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "event.json").write_text("{}")
    environment: Any = Invoked(client)
    arguments = Namespace(function="list_dragons", event=str(tmp_path / "event.json"))
    invoke.run(environment, arguments)
    printed, told = capsys.readouterr()
    assert printed == "null\n"
    assert told.splitlines()[0] == "REPORT RequestId: 1\tDuration: 2.50 ms"
    assert told.splitlines()[1].startswith("version 1, 2.50 ms, 1-")
    client.response = {"FunctionError": "Unhandled", "Payload": io.BytesIO(b"{}")}
    with pytest.raises(StepError, match="list_dragons failed"):
        invoke.run(environment, arguments)


@pytest.mark.parametrize(
    ("function", "event", "told"),
    [
        ("list_dragons", "", "EVENT=<file> is missing"),
        ("list_dragons", "none.json", "EVENT=none.json: No such file or directory"),
        ("list_dragons", "Makefile", "EVENT=Makefile is not JSON"),
        ("none", "tests/fixtures/report.json", "FUNCTION=none is not a function that is deployed"),
    ],
)
def test_an_invocation_that_cannot_be_is_refused(
    client: FakeLambda, monkeypatch: pytest.MonkeyPatch, function: str, event: str, told: str
) -> None:
    monkeypatch.chdir(paths.ROOT)
    environment: Any = Invoked(client)
    with pytest.raises(StepError) as caught:
        invoke.run(environment, Namespace(function=function, event=event))
    assert str(caught.value).startswith(told)
    assert client.invoked == []


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Iterator[list[Path]]]:
    monkeypatch.setattr(files, "_SECONDS", 0.0)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.py").write_text("1")
    changes = files.changes([tmp_path])
    assert next(changes) == []
    return tmp_path / "a", changes


def test_what_is_written_made_moved_and_removed_is_noticed(
    watched: tuple[Path, Iterator[list[Path]]],
) -> None:
    folder, changes = watched
    (folder / "x.py").write_text("22")
    assert next(changes) == [folder / "x.py"]
    (folder / "new").mkdir()
    (folder / "new" / "y.py").write_text("")
    assert next(changes) == [folder / "new" / "y.py"]
    (folder / "x.py").rename(folder / "z.py")
    assert next(changes) == [folder / "x.py", folder / "z.py"]
    (folder / "z.py").unlink()
    assert next(changes) == [folder / "z.py"]


def test_what_is_saved_at_work_on_the_last_change_comes_next(
    watched: tuple[Path, Iterator[list[Path]]],
) -> None:
    folder, changes = watched
    (folder / "x.py").write_text("22")
    next(changes)
    (folder / "x.py").write_text("333")  # while the caller builds
    assert next(changes) == [folder / "x.py"]


def test_files_of_editors_and_caches_do_not_count(watched: tuple[Path, Iterator[list[Path]]]) -> None:
    folder, changes = watched
    (folder / "__pycache__").mkdir()
    for name in (".x.py.swp", "x.py~", "__pycache__/x.pyc"):
        (folder / name).write_text("1")
    (folder / "x.py").write_text("22")
    assert next(changes) == [folder / "x.py"]
