"""`make site`: what a release is made of, in which order it goes up, and what is left as it is."""

import copy
import json
import re
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from moto import mock_aws

from contract.rendering import SYSTEM, state_machine
from tasks import site
from tasks.environment import site as published
from tasks.environment.environment import NEEDED, Environment
from tasks.processes.steps import StepError
from tasks.publishing import __main__ as in_tools
from tasks.publishing import bucket, publisher
from tasks.publishing.bucket import SiteBucket
from tasks.publishing.distribution import Distribution
from tasks.publishing.machine import drawn
from tasks.publishing.publisher import Publisher
from tasks.publishing.release import FOREVER, SHORTLY, SITE, File, build

BUCKET = "dragons-unit-site"
MACHINE = SYSTEM / "workflows" / "report_dragon.asl.json.tftpl"
PATH = "/dragons/unit/site"
SETTINGS = {"environment": "unit"}


class Links(HTMLParser):
    """The addresses that a page refers to, and what the content security policy would refuse."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src"):
                self.targets.append(value or "")
            if name == "style" or name.startswith("on"):
                self.inline.append(f"{tag} {name}")
        if tag == "style" or (tag == "script" and "src" not in dict(attrs)):
            self.inline.append(tag)


def content(files: tuple[File, ...], ending: str) -> str:
    [found] = [file.content.decode() for file in files if file.key.endswith(ending)]
    return found


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A small site."""
    made = tmp_path / "site"
    (made / "assets").mkdir(parents=True)
    (made / "index.html").write_text('<script type="module" src="/assets/main.js"></script>')
    (made / "assets" / "main.js").write_text("start();")
    return made


def test_every_link_of_every_page_leads_somewhere_and_nothing_is_inline() -> None:
    made = build(SETTINGS)
    there = {f"/{file.key}" for file in made.assets} | {*made.addresses, "/", "#main"}
    pages = {"/charts", "/report", "/reviews", "/version"}
    for page in made.pages:
        if page.key.endswith(".html"):
            links = Links(page.content.decode())
            assert set(links.targets) <= there | pages, page.key
            assert any(target.endswith("site.css") for target in links.targets)
            assert links.inline == []


def test_every_module_imports_modules_that_there_are() -> None:
    modules = {path.resolve() for path in (SITE / "assets").rglob("*.js")}
    assert len(modules) > 10
    for module in modules:
        imported = re.findall(r'from "(.+?)"', module.read_text())
        assert {(module.parent / name).resolve() for name in imported} <= modules


def test_a_release_is_named_by_its_content_alone(files: Path) -> None:
    first = build(SETTINGS, files)
    assert re.fullmatch("[0-9a-f]{12}", first.folder)
    assert build(dict(SETTINGS), files) == first
    assert json.loads(content(first.pages, "settings.json")) == SETTINGS | {"release": first.folder}
    assert build({"environment": "other"}, files).folder != first.folder
    (files / "assets" / "main.js").write_text("start(1);")
    second = build(SETTINGS, files)
    assert second.folder != first.folder
    assert {file.key for file in second.assets}.isdisjoint({file.key for file in first.assets})
    (files / "robots.txt").write_text("User-agent: *")
    assert build(SETTINGS, files).assets == second.assets
    assert build(SETTINGS, files).addresses == ["/index.html", "/robots.txt", "/settings.json"]


def test_pages_refer_to_the_assets_of_their_release(files: Path) -> None:
    made = build(SETTINGS, files)
    [script] = [file.key for file in made.assets if file.key.endswith("main.js")]
    assert content(made.pages, "index.html") == f'<script type="module" src="/{script}"></script>'
    assert {file.cache_control for file in made.assets} == {FOREVER}
    assert {file.cache_control for file in made.pages} == {SHORTLY}


def test_what_editors_leave_is_no_part_of_a_release(files: Path) -> None:
    first = build(SETTINGS, files)
    (files / ".DS_Store").write_text("x")
    (files / "assets" / ".main.js.swp").write_text("x")
    assert build(SETTINGS, files) == first


def test_a_file_of_no_known_type_is_refused(files: Path) -> None:
    (files / "dragon.exe").write_bytes(b"MZ")
    with pytest.raises(StepError, match=r"site/dragon.exe: the content type of such a file is not known"):
        build(SETTINGS, files)


def test_what_is_drawn_is_the_machine_that_is_deployed() -> None:
    found, deployed = drawn(MACHINE), json.loads(state_machine())["States"]
    assert found["states"].keys() == deployed.keys()
    assert {name for name, state in found["states"].items() if state["ends"]} == {
        name for name, state in deployed.items() if state.get("End") or state["Type"] == "Fail"
    }
    assert {"from": "ReviewDragon", "to": "AddDragon", "error": False} in found["ways"]
    assert {"from": "ReviewDragon", "to": "ReadRefusal", "error": True} in found["ways"]
    assert {way["to"] for way in found["ways"]} | {found["start"]} == deployed.keys()


def test_what_is_lit_are_states_of_the_machine() -> None:
    [lit] = re.findall(r"LIT = (\{.*?\n\});", (SITE / "assets/progress.js").read_text(), re.DOTALL)
    states = set(re.findall(r'"(\w+)"', lit))
    assert len(states) > 5
    assert states <= drawn(MACHINE)["states"].keys()


class System:
    """A bucket and a distribution in moto, and every request that was made of them."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.s3 = self.client("s3")
        self.cloudfront = self.client("cloudfront")
        self.ssm = self.client("ssm")
        self.s3.create_bucket(Bucket=BUCKET)
        made = self.cloudfront.create_distribution(DistributionConfig=_config())
        self.id: str = made["Distribution"]["Id"]
        self.outputs = {
            "hosted_ui_url": "https://ui",
            "parameter_path": "/dragons/unit",
            "site": {"bucket": BUCKET, "distribution_id": self.id, "parameter_path": PATH},
            "user_pool_client_id": "client",
        }

    def client(self, service: str, **_: Any) -> Any:
        made = boto3.client(service, "us-east-1")  # type: ignore[call-overload]
        made.meta.events.register("before-call.*.*", self._note)
        made.get_waiter = self._waiter  # moto's invalidations never come to the end that the waiter knows
        return made

    def _waiter(self, name: str) -> Any:
        return SimpleNamespace(wait=lambda **_: self.requests.append(name))

    def _note(self, model: Any, params: Any, **_: Any) -> None:
        self.requests.append(f"{model.name} {urlsplit(params['url']).path}")

    def publish(self, which: str = "live") -> str:
        """Publish, with a list of requests begun anew."""
        self.requests.clear()
        return Publisher(self.client, self.outputs).publish(which, lambda _: None)

    def folder(self, which: str) -> tuple[str, str]:
        """What the distribution and the parameter name."""
        parameter = self.ssm.get_parameter(Name=f"{PATH}/{which}")["Parameter"]["Value"]
        return Distribution(self.cloudfront, self.id).folder(which), parameter

    def listed(self) -> list[str]:
        return [each["Key"] for each in self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def _config() -> dict[str, Any]:
    names = {"x-folder-live": "none", "x-folder-next": "none", "x-connect": "https://ui"}
    headers = [{"HeaderName": name, "HeaderValue": value} for name, value in names.items()]
    plain = {"Id": "rest_api", "DomainName": "api.example.org"}
    origin = {"Id": "site", "DomainName": f"{BUCKET}.s3.us-east-1.amazonaws.com"}
    return {
        "CallerReference": "unit",
        "Comment": "",
        "Enabled": True,
        "DefaultCacheBehavior": {"TargetOriginId": "site", "ViewerProtocolPolicy": "redirect-to-https"},
        "Origins": {
            "Quantity": 2,
            "Items": [plain, origin | {"CustomHeaders": {"Quantity": len(headers), "Items": headers}}],
        },
    }


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch, files: Path) -> Iterator[System]:
    monkeypatch.setattr(publisher, "build", partial(build, site=files))
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)  # of the suite's own system
    with mock_aws(config={"core": {"service_whitelist": None}}):  # moto's build for LocalStack lists few
        yield System()


def changes(system: System) -> list[str]:
    """The requests that changed something, in their order."""
    return [each for each in system.requests if not each.startswith(("Get", "List"))]


def test_assets_go_up_before_pages_and_the_switch_is_behind_both(system: System) -> None:
    said = system.publish()
    folder, named = system.folder("live")
    assert folder == named
    assert said == f"release {folder} is live, 5 files uploaded"
    uploads = [each.removeprefix("PutObject /").split("/")[0] for each in changes(system)[:5]]
    assert uploads == ["assets", "assets", "assets", folder, folder]
    assert [each.partition(" ")[0] for each in changes(system)[5:]] == [
        "PutParameter",
        "UpdateDistribution",
        "distribution_deployed",
        "CreateInvalidation",
        "invalidation_completed",
    ]
    found = system.s3.get_object(Bucket=BUCKET, Key=f"{folder}/index.html")
    assert (found["ContentType"], found["CacheControl"]) == ("text/html; charset=utf-8", SHORTLY)
    [script] = [key for key in system.listed() if key.endswith("main.js")]
    found = system.s3.get_object(Bucket=BUCKET, Key=script)
    assert (found["ContentType"], found["CacheControl"]) == ("text/javascript; charset=utf-8", FOREVER)


def test_only_the_pages_are_forgotten(system: System) -> None:
    system.publish()
    [made] = system.cloudfront.list_invalidations(DistributionId=system.id)["InvalidationList"]["Items"]
    found = system.cloudfront.get_invalidation(DistributionId=system.id, Id=made["Id"])["Invalidation"]
    assert found["InvalidationBatch"]["Paths"]["Items"] == ["/", "/index.html", "/settings.json"]


def test_nothing_changed_changes_nothing_and_says_so(system: System) -> None:
    system.publish()
    folder = system.folder("live")[0]
    assert system.publish() == f"unchanged: release {folder} is live"
    assert changes(system) == []


def test_what_is_tried_by_testers_goes_live_without_another_upload(system: System, files: Path) -> None:
    system.publish()
    old = system.folder("live")[0]
    (files / "index.html").write_text("new")
    system.publish("next")
    new = system.folder("next")[0]
    assert new != old
    assert system.folder("live") == (old, old)
    assert system.publish() == f"release {new} is live, 0 files uploaded"
    assert system.folder("live") == (new, new)
    [origin] = [
        each
        for each in system.cloudfront.get_distribution_config(Id=system.id)["DistributionConfig"]["Origins"][
            "Items"
        ]
        if each["Id"] == "site"
    ]
    assert {"HeaderName": "x-connect", "HeaderValue": "https://ui"} in origin["CustomHeaders"]["Items"]


@pytest.mark.parametrize("broken", ["PutObject", "PutParameter", "UpdateDistribution"])
def test_what_broke_off_is_gone_on_with(system: System, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    def fail(**_: Any) -> None:
        raise ConnectionError("the network is gone")

    failing = Publisher(partial(_failing, system, operation=broken, fail=fail), system.outputs)
    with pytest.raises(ConnectionError):
        failing.publish("live", lambda _: None)
    assert not system.publish().startswith("unchanged")
    folder, named = system.folder("live")
    assert folder == named
    assert len([key for key in system.listed() if key.startswith(folder)]) == 2


def _failing(system: System, service: str, operation: str, fail: Any) -> Any:
    made = system.client(service)
    made.meta.events.register(f"before-call.*.{operation}", fail)
    return made


class FakeCloudFront:
    """CloudFront as far as it minds that an update is of the newest configuration, which moto does not.

    Attributes:
        config: The distribution's.
        others: The comments that somebody else writes, each just before an update.
    """

    class exceptions:  # noqa: N801 - as on a client
        """The client's own errors."""

        class PreconditionFailed(Exception):  # noqa: N818 - AWS's name
            """The configuration is not the newest."""

        class InvalidIfMatchVersion(Exception):  # noqa: N818 - AWS's name
            """There is no such configuration."""

    def __init__(self, *others: str) -> None:
        self.config = _config()
        self.others = list(others)
        self._version = 0

    def get_distribution_config(self, Id: str) -> dict[str, Any]:
        return {"DistributionConfig": copy.deepcopy(self.config), "ETag": str(self._version)}

    def update_distribution(self, Id: str, IfMatch: str, DistributionConfig: dict[str, Any]) -> None:
        if self.others:
            self.config["Comment"] = self.others.pop()
            self._version += 1
        if IfMatch != str(self._version):
            raise self.exceptions.PreconditionFailed
        self.config = DistributionConfig

    def get_waiter(self, name: str) -> Any:
        return SimpleNamespace(wait=lambda **_: None)


def test_an_update_by_somebody_else_stays() -> None:
    cloudfront = FakeCloudFront("theirs")
    distribution = Distribution(cloudfront, "E1")  # type: ignore[arg-type]
    distribution.point("live", "0123456789ab")
    assert distribution.folder("live") == "0123456789ab"
    assert cloudfront.config["Comment"] == "theirs"


def test_updates_by_others_without_an_end_are_said() -> None:
    distribution = Distribution(FakeCloudFront(*"abc"), "E1")  # type: ignore[arg-type]
    with pytest.raises(StepError, match="E1 is updated by somebody else all the time"):
        distribution.point("live", "0123456789ab")
    assert distribution.folder("live") == "none"


def test_a_distribution_without_the_headers_is_not_a_sites(system: System) -> None:
    found = system.cloudfront.get_distribution_config(Id=system.id)
    for origin in found["DistributionConfig"]["Origins"]["Items"]:
        origin["CustomHeaders"] = {"Quantity": 0}
    system.cloudfront.update_distribution(
        Id=system.id, IfMatch=found["ETag"], DistributionConfig=found["DistributionConfig"]
    )
    with pytest.raises(StepError, match="no origin of the distribution has the header x-folder-live"):
        system.publish()


def test_what_a_release_replaces_stays_while_it_comes(
    system: System, monkeypatch: pytest.MonkeyPatch, files: Path
) -> None:
    monkeypatch.setattr(bucket, "KEPT", 0)
    system.publish("next")
    tested, folders = system.folder("next")[0], list[str]()
    for number in range(4):
        (files / "index.html").write_text(f"page {number}")
        system.publish()
        folders.append(system.folder("live")[0])
        there = {key.partition("/")[0] for key in system.listed()} - {"assets"}
        assert there == {tested, *folders[-2:]}
    assert len([key for key in system.listed() if key.endswith("main.js")]) == 1


class FakeS3:
    """A bucket whose releases came a minute after another, the first one first."""

    def __init__(self, *folders: str) -> None:
        begun = datetime(2026, 11, 29, tzinfo=UTC)
        self._times = {each: begun + timedelta(minutes=number) for number, each in enumerate(folders)}
        self.deleted: list[str] = []

    def get_paginator(self, _operation: str) -> "FakeS3":
        return self

    def paginate(self, Bucket: str, Prefix: str = "", Delimiter: str = "") -> list[dict[str, Any]]:
        if Delimiter:
            return [{"CommonPrefixes": [{"Prefix": f"{each}/"}]} for each in self._times]
        time = self._times[Prefix.rstrip("/")]
        return [{"Contents": [{"Key": f"{Prefix}index.html", "LastModified": time}]}]

    def delete_objects(self, Bucket: str, Delete: dict[str, Any]) -> None:
        self.deleted += [each["Key"] for each in Delete["Objects"]]


def test_the_newest_releases_and_those_that_serve_stay() -> None:
    folders = [f"{number:012x}" for number in range(bucket.KEPT + 4)]
    s3 = FakeS3(*folders)
    gone = SiteBucket(s3, BUCKET).remove_old({folders[0], folders[2], "none"})  # type: ignore[arg-type]
    assert gone == [folders[1], folders[3]]
    assert sorted(s3.deleted) == [f"{each}/index.html" for each in gone]


def test_removing_looks_at_releases_alone(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket, "KEPT", 0)
    for key in ("assets/0123456789ab/a.js", "0123456789ab/index.html", "logs/x", "0123456789abc/x", "x"):
        system.s3.put_object(Bucket=BUCKET, Key=key, Body=b"")
    assert SiteBucket(system.s3, BUCKET).remove_old({"none"}) == ["0123456789ab"]
    assert system.listed() == ["0123456789abc/x", "assets/0123456789ab/a.js", "logs/x", "x"]


def test_an_environment_of_before_has_no_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Environment, "enter_tools", lambda _: None)
    monkeypatch.setattr(Environment, "outputs", lambda _: dict.fromkeys(NEEDED, "x"))
    with pytest.raises(StepError, match="the environment has no site yet") as caught:
        site.run(Environment("dev"), Namespace(auto_approve="yes", release="live"))
    assert caught.value.remedy == "apply it first"


def test_a_release_of_another_name_is_refused() -> None:
    with pytest.raises(StepError, match="RELEASE=blue is no release: choose live or next"):
        site.run(Environment("dev"), Namespace(auto_approve="yes", release="blue"))


@pytest.mark.parametrize("answer", ["no", "yes"])
def test_an_account_is_published_to_once_somebody_says_yes(
    system: System, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: str
) -> None:
    outputs = system.outputs | {"site_url": "https://dragons.example.org"}
    monkeypatch.setattr(Environment, "enter_tools", lambda _: None)
    monkeypatch.setattr(Environment, "outputs", lambda _: outputs)
    monkeypatch.setattr(Environment, "client", lambda _, service: system.client(service))
    asked: list[str] = []

    def say(question: str) -> str:
        asked.append(question)
        return answer

    monkeypatch.setattr("builtins.input", say)
    arguments = Namespace(auto_approve="", release="next")
    if answer == "no":
        with pytest.raises(StepError, match="nothing was published"):
            site.run(Environment("dev"), arguments)
        assert system.listed() == []
    else:
        site.run(Environment("dev"), arguments)
        assert system.folder("next")[0] in capsys.readouterr().out
    assert asked[0].startswith("Publish the site of this checkout at https://dragons.example.org, as next?")


def test_make_up_publishes_with_what_the_environment_tells(
    system: System, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(command: list[Any], **_: Any) -> str:
        monkeypatch.setattr("sys.argv", ["tasks.publishing", *map(str, command[3:])])
        monkeypatch.setattr(boto3, "client", lambda service, **where: made(service, where))
        assert in_tools.main() == 0
        return capsys.readouterr().out

    def made(service: str, where: dict[str, str]) -> Any:
        assert where == {"region_name": "eu-west-1", "endpoint_url": "http://cloud"}
        return clients[service]

    clients = {service: system.client(service) for service in ("s3", "cloudfront", "ssm")}
    machine = "arn:aws:states:eu-west-1:000000000000:stateMachine:report_dragon"
    outputs = system.outputs | {"report_dragon_arn": machine, "functions": {}}
    monkeypatch.setattr(published, "run", run)
    said = published.publish(outputs, {}, "http://cloud")
    assert said.endswith("is live, 5 files uploaded")
    assert published.publish(outputs, {}, "http://cloud").startswith("unchanged")
