"""A release of the site: testers first, then everybody, and no page without its assets in between."""

import re
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import requests

from support.under_test import applied_from
from tasks.publishing import publisher
from tasks.publishing.publisher import Publisher
from tasks.publishing.release import SITE, build

pytestmark = pytest.mark.release

TITLE = "<title>Dragons</title>"
NEW_TITLE = "<title>Newer dragons</title>"
TESTER = {"Cookie": "theme=dark; release=next"}


class Loader:
    """Somebody who loads the page, and all that it imports, over and over.

    Attributes:
        seen: How often each title came.
        missed: What was not there, or did not fit the page.
    """

    def __init__(self, site_url: str) -> None:
        self.seen: Counter[str] = Counter()
        self.missed: list[str] = []
        self._url = site_url
        self._done = threading.Event()

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Load all the while."""
        thread = threading.Thread(target=self._run)
        thread.start()
        try:
            yield
        finally:
            self._done.set()
            thread.join()

    def _run(self) -> None:
        while not self._done.is_set():
            try:
                self._load()
            except requests.RequestException as error:
                self.missed.append(repr(error))

    def _load(self) -> None:
        page = requests.get(self._url, timeout=30)
        self.seen[re.findall("<title>.*</title>", page.text)[0] if page.ok else str(page.status_code)] += 1
        wanted = [urljoin(self._url, path) for path in re.findall(r'"(/assets/[^"]+)"', page.text)]
        loaded: set[str] = set()
        while wanted:
            url = wanted.pop()
            loaded.add(url)
            answer = requests.get(url, timeout=30)
            new = "newer" in answer.text
            if not answer.ok or (url.endswith("main.js") and new is not (NEW_TITLE in page.text)):
                self.missed.append(f"{url}: {answer.status_code}")
            found = {urljoin(url, name) for name in re.findall(r'from "(\./.+?)"', answer.text)}
            wanted += found - loaded


@pytest.fixture
def publish(
    outputs: dict[str, Any], aws: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., str]]:
    """Publish a folder; in the end, what this checkout holds is live again, and nothing is for testers."""

    def published(which: str, folder: Path = SITE) -> str:
        monkeypatch.setattr(publisher, "build", partial(build, site=folder))
        return Publisher(aws, outputs).publish(which, lambda _: None)

    applied_from()  # what may be changed here
    published("live")
    yield published
    published("next")
    published("live")


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The site with another title and another script."""
    made = tmp_path / "site"
    shutil.copytree(SITE, made)
    page = made / "index.html"
    page.write_text(page.read_text().replace(TITLE, NEW_TITLE))
    script = made / "assets" / "main.js"
    script.write_text("// newer\n" + script.read_text())
    return made


def test_a_release_is_for_testers_first_and_changes_the_page_without_a_stale_asset(
    publish: Callable[..., str], outputs: dict[str, Any], newer: Path
) -> None:
    url = outputs["site_url"]
    with (loader := Loader(f"{url}/")).loading():
        publish("next", newer)
        assert NEW_TITLE in requests.get(f"{url}/", headers=TESTER, timeout=30).text
        assert TITLE in requests.get(f"{url}/", timeout=30).text
        chosen = requests.get(f"{url}/?release=next", timeout=30, allow_redirects=False)
        assert "release=next" in chosen.headers["Set-Cookie"]
        said = publish("live", newer)
        assert said.endswith("0 files uploaded")
        assert NEW_TITLE in requests.get(f"{url}/", timeout=30).text
    assert loader.missed == []
    assert loader.seen.keys() <= {TITLE, NEW_TITLE}
    assert loader.seen[TITLE] > 0


def test_terraform_agrees_with_what_was_published(publish: Callable[..., str], newer: Path) -> None:
    publish("live", newer)
    assert applied_from().plan_is_clean()
    assert publish("live", newer).startswith("unchanged")
