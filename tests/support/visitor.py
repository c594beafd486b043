"""Somebody with a browser: Chromium, driven by Playwright, whose every complaint is kept."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from support.people import Person

SHOTS = Path(__file__).parents[2] / ".local" / "screenshots"
"""Where the tests leave their pictures."""

SECONDS = 60
expect.set_options(timeout=SECONDS * 1000)

DESKTOP: dict[str, Any] = {"viewport": {"width": 1200, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DARK: dict[str, Any] = DESKTOP | {"color_scheme": "dark"}


@dataclass(frozen=True)
class Place:
    """Where a site is, and where its people sign in."""

    site_url: str
    hosted_ui_url: str


class Visitor:
    """Somebody at the site, with cookies and storage of their own.

    Attributes:
        page: Playwright's page.
        complaints: What the console said, uncaught errors, and requests to hosts that are not the site's.
    """

    def __init__(self, browser: Browser, place: Place, **options: Any) -> None:
        self._context = browser.new_context(base_url=place.site_url, **options)
        self._context.set_default_timeout(SECONDS * 1000)
        self.page = self._context.new_page()
        self.complaints: list[str] = []
        self._hosts = {urlsplit(url).netloc for url in (place.site_url, place.hosted_ui_url)}
        self._ui = place.hosted_ui_url
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        self.page.on("request", lambda request: self._asked(request.url))

    def _heard(self, message: ConsoleMessage) -> None:
        self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.netloc not in self._hosts:
            self.complaints.append(f"another host: {url}")

    def go(self, path: str) -> Page:
        """Load a page of the site, and wait until it has all that it asked for."""
        self.page.goto(path)
        self.page.wait_for_load_state("networkidle")
        return self.page

    def shoot(self, name: str) -> None:
        """Keep a picture of the whole page."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    def require_accessible(self) -> None:
        """Look at the page as axe does, and whether it is wider than the screen."""
        found = Axe().run(self.page).response["violations"]
        assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []
        width = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, f"{width} pixels of the page are beyond the screen"

    def leave_for_sign_in(self) -> None:
        """Press the site's button, and arrive at the hosted UI."""
        self.page.get_by_role("banner").get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(re.compile(f"^{re.escape(self._ui)}/login"))

    def fill(self, **fields: str) -> None:
        """Fill a form of the hosted UI in, by the fields' names."""
        for name, value in fields.items():
            self.page.locator(f"input[name={name}]:visible").fill(value)

    def sign_in(self, email: str, password: str) -> None:
        """Sign in at the hosted UI, and be back at the site."""
        self.leave_for_sign_in()
        self.fill(username=email, password=password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.require_signed_in(email)

    def sign_up(self, email: str, password: str, read_code: Callable[[str], str]) -> None:
        """Sign up at the hosted UI with the code that is mailed, and be back at the site."""
        self.leave_for_sign_in()
        self.page.get_by_role("link", name="Sign up").click()
        self.fill(username=email, password=password)
        self.page.get_by_role("button", name="Sign up", exact=True).click()
        self.page.get_by_role("button", name="Confirm Account").wait_for()
        self.fill(code=read_code(email))
        self.page.get_by_role("button", name="Confirm Account").click()
        self.require_signed_in(email)

    def sign_in_as(self, person: Person) -> None:
        """Sign in as somebody who has signed up."""
        self.sign_in(person.email, person.password)

    def require_signed_in(self, email: str) -> None:
        """Wait until the site shows who is signed in."""
        expect(self.page.get_by_role("banner").get_by_text(email)).to_be_visible()

    def report(self, report: dict[str, Any]) -> str:
        """Fill the form in and send it; gives the report's id."""
        self.page.get_by_role("link", name="Report", exact=True).click()
        for name, value in report.items():
            field = self.page.locator(f"#{name}")
            if isinstance(value, bool):
                field.set_checked(value)
            else:
                field.fill(value)
        self.page.get_by_role("button", name="Send the report").click()
        self.page.wait_for_url("**/reports/*")
        return urlsplit(self.page.url).path.rpartition("/")[2]

    @property
    def stored(self) -> str:
        """All that the site keeps in this browser."""
        everything = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
        return str(self.page.evaluate(everything))

    def close(self) -> None:
        """Leave."""
        self._context.close()
