"""A target names a function that is deployed, and none at the edge where it needs the alias."""

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tasks import deploy, halt, invoke, resume, shift, tune, watch
from tasks.code.deployed import DeployedCode
from tasks.code.named import require_alias, require_deployed, with_alias
from tasks.processes.steps import StepError
from tasks.rollout import around_apply

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:dragons-unit-"
AT_EDGE = "arn:aws:lambda:us-east-1:123456789012:function:dragons-unit-edge_viewer_request:7"
FUNCTIONS = {"list_dragons": f"{ARN}list_dragons:live", "edge_viewer_request": AT_EDGE}


def test_what_is_at_the_edge_has_no_alias() -> None:
    assert with_alias(FUNCTIONS) == {"list_dragons": FUNCTIONS["list_dragons"]}
    require_alias(FUNCTIONS, "list_dragons")
    require_deployed(FUNCTIONS, "edge_viewer_request")


@pytest.mark.parametrize(
    ("require", "choices"),
    [(require_alias, "list_dragons"), (require_deployed, "list_dragons, edge_viewer_request")],
)
@pytest.mark.parametrize(
    ("name", "told"),
    [("", "FUNCTION=<name> is missing"), ("none", "FUNCTION=none is not a function that is deployed")],
)
def test_what_is_not_deployed_is_refused_with_what_may_be_named(
    require: Callable[..., None], choices: str, name: str, told: str
) -> None:
    with pytest.raises(StepError) as caught:
        require(FUNCTIONS, name)
    assert (str(caught.value), caught.value.remedy) == (told, f"choose one of {choices}")


class Environment:
    """One whose functions are those above; nothing of it is called but what an invocation calls."""

    name, is_local, endpoint = "unit", False, None

    def __init__(self) -> None:
        self.invoked: list[tuple[str, str]] = []

    def enter_tools(self) -> None:
        """Tests run where the tools are."""

    def outputs(self) -> dict[str, Any]:
        outputs = {"functions": FUNCTIONS, "halted": {}, "parameter_path": "/dragons/unit"}
        return outputs | {"rest_api_id": "a1", "rest_api_stage": "v1"}

    def client(self, service: str, region: str = "eu-west-1") -> Any:
        return SimpleNamespace(meta=region)


@pytest.mark.parametrize("target", [deploy, shift, halt, resume, tune])
def test_a_target_that_needs_the_alias_refuses_it_in_one_line(target: Any) -> None:
    asked = Namespace(function="edge_viewer_request", auto_approve="yes", event="")
    asked.sizes, asked.invocations = "128", "2"
    asked.steps, asked.every, asked.errors = "100", "1", "0"
    with pytest.raises(StepError) as caught:
        target.run(Environment(), asked)
    assert str(caught.value) == "edge_viewer_request runs at the edge"
    assert caught.value.remedy == "`make apply` publishes it"


def test_it_is_invoked_as_it_is_in_its_own_region(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "event.json").write_text("{}")
    came = SimpleNamespace(log="", version="7", duration_ms="", trace_id="", result={}, failed=False)
    called = []

    def note(client: Any, function: str, _event: bytes) -> Any:
        called.append((client.meta, function))
        return came

    monkeypatch.setattr(invoke, "invoke", note)
    environment: Any = Environment()
    invoke.run(environment, Namespace(function="edge_viewer_request", event=str(tmp_path / "event.json")))
    assert called == [("us-east-1", AT_EDGE)]
    assert "version 7" in capsys.readouterr().err


def test_its_code_is_none_to_replace() -> None:
    nothing: Any = None
    assert list(DeployedCode(nothing, nothing, FUNCTIONS).arns) == ["list_dragons"]


def test_a_release_moves_it_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    deployed: list[Any] = []
    monkeypatch.setattr("tasks.rollout.aliases.DeployedAliases", deployed.append)
    monkeypatch.setattr("tasks.rollout.actions.Release", lambda *_: None)
    environment: Any = Environment()
    around_apply.reader(environment, environment.outputs())()
    assert [list(each) for each in deployed] == [["list_dragons"]]


def test_a_save_says_that_an_apply_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(watch, "ROOT", tmp_path)
    for name in ("edge_viewer_request", "list_dragons"):
        (tmp_path / "functions" / name).mkdir(parents=True)
    (tmp_path / "functions/edge_viewer_request/edge.txt").write_text("viewer\n")
    saved = [tmp_path / "functions" / name / "handler.py" for name in FUNCTIONS]
    watch._tell_of_the_edge([*saved, tmp_path / "terraform/main.tf"])
    [line] = capsys.readouterr().out.splitlines()
    assert line.endswith(" edge_viewer_request: at the edge; `make apply` publishes it")
    watch._tell_of_the_edge(saved[:1])
    assert capsys.readouterr().out == ""
