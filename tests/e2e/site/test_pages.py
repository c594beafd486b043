"""Each page on each screen: what axe says, what the keyboard reaches, what is said when an API is down."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from support.people import Person
from support.reports import REPORT
from support.system import Api, Make
from support.visitor import DARK, DESKTOP, PHONE, Visitor

Visit = Callable[..., Visitor]

SCREENS = {"desktop": DESKTOP, "phone": PHONE, "dark": DARK, "dark phone": PHONE | {"color_scheme": "dark"}}
PAGES = {
    "/": "Dragons",
    "/?family=red": "Dragons",
    "/charts": "Charts",
    "/report": "Report a dragon",
    "/reviews": "Reviews",
    "/version": "What version runs",
}
DOWN: dict[str, Callable[[Route], None]] = {
    "nobody answers": lambda route: route.abort(),
    "an error page": lambda route: route.fulfill(status=503, content_type="text/html", body="<h1>503</h1>"),
    "nonsense": lambda route: route.fulfill(status=200, content_type="application/json", body='"?"'),
    "no JSON": lambda route: route.fulfill(status=200, content_type="text/html", body="<p>hello</p>"),
}


@pytest.mark.parametrize("screen", SCREENS)
def test_every_page_is_accessible_and_as_wide_as_the_screen(visit: Visit, screen: str) -> None:
    visitor = visit(**SCREENS[screen])
    for path, title in PAGES.items():
        page = visitor.go(path)
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        visitor.require_accessible()
        name = path.strip("/?").replace("=", "-") or "list"
        visitor.shoot(f"{name}-{screen.replace(' ', '-')}")


def test_an_address_of_nothing_gets_a_page_of_the_site_with_its_status(visit: Visit) -> None:
    visitor = visit(**PHONE)
    answer = visitor.page.goto("/no/such/page")
    assert answer is not None
    assert answer.status == 404
    assert "<Error>" not in answer.text()
    visitor.require_accessible()
    visitor.shoot("not-found")
    visitor.page.get_by_role("main").get_by_role("link").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Dragons")
    visitor.complaints = [each for each in visitor.complaints if "status of 404" not in each]


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        *(("/", fault) for fault in DOWN),
        ("/charts", "nonsense"),
        ("/version", "nonsense"),
        ("/reports/a-report", "nonsense"),
        ("/reports/a-report", "an error page"),
    ],
)
def test_an_api_that_is_down_is_said_with_a_way_to_try_again(visit: Visit, path: str, fault: str) -> None:
    visitor = visit(**DESKTOP)
    page = visitor.page
    page.route("**/api/**", DOWN[fault])
    visitor.go(path)
    expect(page.get_by_role("alert")).to_contain_text("again")
    visitor.require_accessible()
    assert [each for each in visitor.complaints if "Failed to load resource" not in each] == []
    visitor.complaints.clear()
    page.unroute("**/api/**")
    page.route("**/api/dragons/reports/**", _recorded)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.wait_for_load_state("networkidle")


def _recorded(route: Route) -> None:
    body = json.dumps({"reportId": "a-report", "status": "FAILED", "dragonName": "Ash", "reason": "a test"})
    route.fulfill(status=200, content_type="application/json", body=body)


def test_the_site_without_its_settings_says_so(visit: Visit) -> None:
    visitor = visit(**DESKTOP)
    visitor.page.route("**/settings.json", lambda route: route.abort())
    visitor.go("/")
    expect(visitor.page.get_by_role("alert")).to_contain_text("settings")
    visitor.complaints = [each for each in visitor.complaints if "Failed to load resource" not in each]
    visitor.page.unroute("**/settings.json")
    visitor.page.get_by_role("button", name="Try again").click()
    expect(visitor.page.locator(".cards li")).to_have_count(24)


def test_the_form_says_at_each_field_what_is_wrong_and_sends_nothing(visit: Visit, reporter: Person) -> None:
    visitor = visit(**PHONE)
    page = visitor.go("/report")
    visitor.sign_in_as(reporter)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_label("Family").fill("f" * 201)
    page.get_by_label("Your phone number").fill("12345")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_label("Name of the dragon")).to_be_focused()
    expect(page.get_by_label("Name of the dragon")).to_have_accessible_description("This is required.")
    expect(page.locator("#family-error")).to_have_text("This must have at most 200 characters; it has 201.")
    expect(page.locator("#reportingPhoneNumber-error")).to_contain_text("such as +15551234567")
    assert page.locator("[aria-invalid=true]").count() == 8
    visitor.require_accessible()
    visitor.shoot("report-faults")
    page.get_by_label("Family").fill("f" * 200)
    expect(page.locator("#family-error")).to_be_empty()
    assert sent == []


def test_a_report_that_is_sent_again_is_the_same_report(
    visit: Visit, reporter: Person, make_report: Make, api: Api
) -> None:
    visitor = visit(**DESKTOP)
    page = visitor.go("/report")
    visitor.sign_in_as(reporter)
    keys: list[str] = []

    def lose_the_answer(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        route.fetch()
        route.abort()

    page.route("**/api/dragons", lose_the_answer)
    fill(page, make_report(confirmationRequired=False))
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
    page.unroute("**/api/dragons")
    page.get_by_role("button", name="Try again").click()
    page.wait_for_url("**/reports/*")
    assert page.url.endswith(f"/reports/{api.report_id(keys[0])}")
    expect(page.locator(".status")).to_contain_text("is on record.")
    visitor.complaints = [each for each in visitor.complaints if "Failed to load resource" not in each]


def fill(page: Page, report: dict[str, Any]) -> None:
    for name, value in report.items():
        if not isinstance(value, bool):
            page.locator(f"#{name}").fill(value)
    page.get_by_role("button", name="Send the report").click()


def test_what_people_write_is_shown_as_text(visit: Visit) -> None:
    visitor = visit(**PHONE)
    hostile = {
        "dragon_name_str": '<img src="x" onerror="alert(1)">',
        "description_str": "</p><script>alert(1)</script>\u202e",
        "family_str": "f" * 200,
        "location_country_str": "{{7*7}}",
    }
    answer = {"dragons": [hostile, {"dragon_name_str": None}]}
    visitor.page.route("**/api/dragons?*", lambda route: route.fulfill(json=answer))
    visitor.go("/")
    expect(visitor.page.locator(".cards h2").first).to_have_text(hostile["dragon_name_str"])
    expect(visitor.page.locator(".cards .description").first).to_have_text(hostile["description_str"])
    expect(visitor.page.locator(".cards h2").last).to_have_text("Nameless")
    assert visitor.page.locator("main img, main script").count() == 0
    visitor.require_accessible()


def test_the_keyboard_reaches_everything_and_the_focus_follows_the_page(visit: Visit) -> None:
    visitor = visit(**DESKTOP)
    page = visitor.go("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Family")).to_be_focused()
    page.get_by_role("link", name="Charts").press("Enter")
    expect(page.get_by_role("heading", level=1, name="Charts")).to_be_focused()
    expect(page).to_have_title("Charts - Dragons")
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Dragons")).to_be_focused()


def test_the_page_says_what_version_runs(visit: Visit, outputs: dict[str, Any]) -> None:
    visitor = visit(**DESKTOP)
    page = visitor.go("/version")
    environment = outputs["parameter_path"].rpartition("/")[2]
    expect(page.locator("dd").first).to_have_text(environment)
    expect(page.locator("dd")).to_have_count(5)
    assert "unknown" not in page.locator("dd").all_text_contents()


def test_the_pages_own_check_of_a_report_is_the_schemas(visit: Visit) -> None:
    page = visit(**DESKTOP).go("/")
    script = page.locator("script").get_attribute("src")
    check = """async ([main, report]) => {
        const at = (path) => new URL(path, new URL(main, location.origin));
        const { faults } = await import(at("schema.js"));
        const schema = await (await fetch(at("schemas/report.json"))).json();
        return faults(schema, report);
    }"""
    for changes, fault in (
        ({}, {}),
        ({"dragonName": "\U0001f409" * 200}, {}),
        ({"dragonName": "\U0001f409" * 201}, {"dragonName": "must have at most 200 characters; it has 201"}),
        ({"city": ""}, {"city": "is required"}),
        ({"confirmationRequired": "yes"}, {"confirmationRequired": "must be a boolean"}),
        ({"reportingPhoneNumber": "+1"}, {"reportingPhoneNumber": "must look like ^\\+[1-9][0-9]{1,14}$"}),
        ({"colour": "red"}, {"colour": "is not a field"}),
    ):
        assert page.evaluate(check, [script, REPORT | changes]) == fault
    missing = {name: value for name, value in REPORT.items() if name != "state"}
    assert page.evaluate(check, [script, missing]) == {"state": "is required"}
