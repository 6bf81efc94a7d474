"""A long thread is read by key, by fold and by what others found helpful."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Seat
from tests.browser.reader import PHONE
from tests.browser.talk import POST
from tests.server import Server

FOLDED = ".comments details:not([open]) .comment"


def test_a_key_leads_from_answer_to_answer_only_while_the_comments_have_the_focus(
    demo_site: Server, seat: Seat
) -> None:
    page = seat(demo_site).open(POST)
    page.keyboard.press("n")
    expect(page.locator(".comment.is-official:focus")).to_have_count(0)
    page.locator("#comments-heading").click()
    page.keyboard.press("n")
    answers = page.locator(".comment.is-official")
    expect(answers.nth(0)).to_be_focused()
    page.keyboard.press("n")
    expect(answers.nth(1)).to_be_focused()
    answers.last.locator("[data-reply]").focus()
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(r"page=\d+#c-\d+$"))
    expect(page.locator(".comment.is-official:target")).to_be_in_viewport()


def test_a_link_into_a_fold_opens_it_without_a_script(demo_site: Server, seat: Seat) -> None:
    reader = seat(demo_site, PHONE, script=False)
    page = reader.open(f"{POST}?page=all")
    id_ = page.locator(FOLDED).last.get_attribute("id") or ""
    expect(page.locator(f"#{id_}")).to_be_hidden()
    reader.look()
    reader.open(f"{POST}/comments/{id_.removeprefix('c-')}")
    expect(page.locator(f"#{id_}")).to_be_in_viewport()


def test_a_link_from_a_page_on_which_the_comment_does_not_stand_is_led_on(demo_site: Server, seat: Seat) -> None:
    page = seat(demo_site).open(f"{POST}?page=2")
    id_ = page.locator(".comment").first.get_attribute("id")
    page.goto(f"{demo_site.url}{POST}#{id_}")
    expect(page).to_have_url(f"{demo_site.url}{POST}?page=2#{id_}")


def test_a_reader_marks_what_is_helpful_and_takes_it_back(demo_site: Server, seat: Seat) -> None:
    reader = seat(demo_site, PHONE)
    page = reader.open(POST)
    button = page.locator("button.helpful").first
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    reader.look()
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert not reader.cookies
