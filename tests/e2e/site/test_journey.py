"""From a stranger to a reporter whose dragon is on the list, by browser alone; and what a reviewer does."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from support.mail import code_sent_to
from support.people import Person
from support.system import Make, poll
from support.visitor import DARK, DESKTOP, PHONE, Visitor

Visit = Callable[..., Visitor]


def names(page: Page) -> list[str]:
    """The dragons that the list shows."""
    return page.locator(".cards h2").all_text_contents()


def look_again(page: Page, waiting: Locator) -> bool | None:
    """Whether the page of reviews shows what is waited for, once it has loaded them anew."""
    again = page.get_by_role("button", name="Look again")
    again.click()
    again.wait_for()  # it is away while they are loaded
    return waiting.is_visible() or None


@pytest.mark.parametrize(("screen", "options"), [("desktop", DESKTOP), ("phone", PHONE), ("dark", DARK)])
def test_a_stranger_signs_up_finds_reports_and_signs_out(
    visit: Visit, newcomer: tuple[str, str], make_report: Make, screen: str, options: dict[str, Any]
) -> None:
    visitor, (email, password) = visit(**options), newcomer
    page = visitor.go("/")
    visitor.sign_up(email, password, code_sent_to)
    visitor.shoot(f"journey-{screen}-signed-up")

    page.get_by_label("Family").fill("red")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**/?family=red")
    expect(page.locator(".cards .family").first).to_have_text("red")
    assert set(page.locator(".cards .family").all_text_contents()) == {"red"}
    page.get_by_role("link", name="Clear the filters").click()
    page.get_by_role("button", name="Show more").click()
    expect(page.locator(".cards li")).to_have_count(48)
    assert len(set(names(page))) == 48

    report = make_report(confirmationRequired=False)
    visitor.report(report)
    expect(page.get_by_role("main").get_by_text("is on record.")).to_be_visible()
    assert page.locator(".state.lit").count() > 0
    visitor.require_accessible()
    visitor.shoot(f"journey-{screen}-recorded")
    page.get_by_role("link", name="It is on the list.").click()
    expect(page.locator(".cards h2")).to_have_text([report["dragonName"]])

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("//[^/]+/$"))  # by way of the hosted UI
    expect(page.get_by_role("banner").get_by_role("button", name="Sign in")).to_be_visible()
    visitor.go("/report")
    expect(page.get_by_role("button", name="Sign in to report")).to_be_visible()
    visitor.leave_for_sign_in()


@pytest.mark.parametrize("accept", [True, False])
def test_another_person_reviews_while_the_reporter_watches(
    visit: Visit, reporter: Person, reviewer: Person, make_report: Make, accept: bool
) -> None:
    watching, deciding = visit(**DESKTOP), visit(**PHONE)
    watching.go("/")
    watching.sign_in_as(reporter)
    report = make_report(family=f"e2e-{uuid.uuid4()}", confirmationRequired=False)
    watching.report(report)
    expect(watching.page.get_by_text("a reviewer decides first")).to_be_visible()
    assert watching.page.locator(".state.now").count() > 0
    watching.require_accessible()

    deciding.go("/")
    deciding.sign_in_as(reviewer)
    deciding.page.get_by_role("link", name="Reviews").click()
    waiting = deciding.page.get_by_role("listitem").filter(has_text=report["dragonName"])
    poll(lambda: look_again(deciding.page, waiting), "the review", pause=1)
    deciding.require_accessible()
    deciding.shoot(f"reviews-{accept}")
    button = waiting.get_by_role("button", name="Accept" if accept else "Refuse")
    if not accept:
        button.click()
        expect(waiting.get_by_text("A refusal needs a reason")).to_be_visible()
        waiting.get_by_label("Reason").fill("a <b>lizard</b>")
    button.click()
    expect(waiting.get_by_text("Accepted." if accept else "Refused.")).to_be_visible()

    outcome = "is on record." if accept else "was refused: a <b>lizard</b>."
    expect(watching.page.locator(".status")).to_contain_text(f"{report['dragonName']} {outcome}")
    watching.shoot(f"watched-{accept}")


def test_who_is_no_reviewer_is_told_so(visit: Visit, reporter: Person) -> None:
    visitor = visit(**DESKTOP)
    visitor.go("/reviews")
    visitor.sign_in_as(reporter)
    expect(visitor.page).to_have_url(re.compile("/reviews$"))
    expect(visitor.page.get_by_text("You are not a reviewer.")).to_be_visible()
    expect(visitor.page.get_by_role("link", name="Reviews")).to_be_hidden()


def test_a_page_that_is_loaded_anew_stays_signed_in_and_keeps_no_token(
    visit: Visit, reporter: Person
) -> None:
    visitor = visit(**DESKTOP)
    visitor.go("/charts")
    visitor.sign_in_as(reporter)
    expect(visitor.page).to_have_url(re.compile("/charts$"))
    assert "eyJ" not in visitor.stored  # what every signed token begins with
    assert not any(token in visitor.stored for token in vars(reporter.tokens).values())
    visitor.page.reload()
    visitor.require_signed_in(reporter.email)
    expect(visitor.page).to_have_url(re.compile("/charts$"))
    expect(visitor.page.get_by_role("heading", name="Charts")).to_be_visible()


def test_tokens_are_renewed_before_they_end(visit: Visit, reporter: Person) -> None:
    visitor = visit(**DESKTOP)
    visitor.page.clock.install()
    visitor.go("/")
    visitor.sign_in_as(reporter)
    with visitor.page.expect_response("**/oauth2/token") as renewed:
        visitor.page.clock.fast_forward("56:00")
    assert renewed.value.status == 200
    assert "grant_type=refresh_token" in (renewed.value.request.post_data or "")
    visitor.require_signed_in(reporter.email)


def test_a_callback_that_nobody_asked_for_signs_nobody_in(visit: Visit) -> None:
    visitor = visit(**DESKTOP)
    visitor.go("/callback?code=stolen&state=guessed")
    expect(visitor.page.get_by_role("alert")).to_contain_text("This sign-in was not begun here")
    expect(visitor.page.get_by_role("banner").get_by_role("button", name="Sign in")).to_be_visible()
