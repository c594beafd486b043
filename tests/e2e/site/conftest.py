"""A browser, and people who look at the site with it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from support.visitor import Place, Visitor
from tasks.environment import chromium

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one module: while Playwright runs, no other test of the process may use asyncio."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium.find(), args=[*chromium.FLAGS])
        yield started
        started.close()


@pytest.fixture(scope="session")
def place(outputs: dict[str, Any]) -> Place:
    """Where the site is."""
    return Place(outputs["site_url"], outputs["hosted_ui_url"])


@pytest.fixture
def visit(browser: Browser, place: Place) -> Iterator[Visit]:
    """Make visitors; in the end, none of them has anything to complain of."""
    with ExitStack() as gone:
        visitors = list[Visitor]()

        def make(**options: Any) -> Visitor:
            visitors.append(Visitor(browser, place, **options))
            gone.callback(visitors[-1].close)
            return visitors[-1]

        yield make
        assert [complaint for visitor in visitors for complaint in visitor.complaints] == []
