"""A report from the home page with nothing but the keyboard."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Seat
from tests.browser.reader import Device, Reader
from tests.server import Server

NUMBER = {
    "de": re.compile(r"Danke\.\s+Du bist Nummer\s+[\d.]+\.\s*$"),
    "en": re.compile(r"You are number\s+[\d,]+\.\s*$"),
}
RECEIPT = re.compile(r"^([0-9A-Z]{4}-){5}[0-9A-Z]{4}$")


def test_with_script_the_place_is_picked_from_suggestions(site: Server, seat: Seat, device: Device, lang: str) -> None:
    reader = seat(site, device, lang=lang)
    page = reader.open("/")
    tick_two_symptoms(reader)

    reader.tab_to(page.locator("#report-place"))
    reader.type("hambur")
    expect(page.get_by_role("option").first).to_be_visible()
    reader.press("ArrowDown", "Enter")
    expect(page.locator("#report-place")).to_have_value("Hamburg")
    reader.tab_to(page.locator("#report-district"))
    reader.type("Altona")
    reader.tab_to(page.locator("#report-since"))
    reader.press("ArrowDown", "ArrowDown")
    reader.tab_to(button(page))
    reader.press("Enter")

    see_receipt(reader, lang)
    reader.said("Altona")


def test_without_script_the_check_page_asks_once_more(site: Server, seat: Seat, device: Device, lang: str) -> None:
    reader = seat(site, device, lang=lang, script=False)
    page = reader.open("/")
    tick_two_symptoms(reader)
    reader.tab_to(page.locator("#report-place"))
    reader.type("Castrop-Rauxel")
    reader.tab_to(button(page))
    reader.press("Enter")

    expect(page.locator("h1")).to_have_text({"de": "Stimmt das so?", "en": "Is that right?"}[lang])
    reader.look()
    reader.said("Castrop-Rauxel")
    reader.tab_to(button(page))
    reader.press("Enter")

    see_receipt(reader, lang)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_receipt_is_found_again_and_moves_the_counter_by_one(site: Server, seat: Seat, script: bool) -> None:
    reader = seat(site, script=script)
    page = reader.open("/")
    before = int(page.locator(".count data").get_attribute("value") or "")
    page.get_by_role("checkbox").first.check()
    page.locator("#report-place").fill("Jena")
    button(page).click()
    if not script:
        button(page).click()
    see_receipt(reader, "de")
    assert page.locator("h1 data").get_attribute("value") == str(before + 1)

    code = page.locator("#receipt-code").inner_text()
    reader.open(f"/reports/{code.lower()}")
    expect(page.locator("#receipt-code")).to_have_text(code)
    reader.open("/")
    page.reload()  # a browser may show for a second what it has kept, and without scripts nothing asks again
    expect(page.locator(".count data")).to_have_attribute("value", str(before + 1))


def tick_two_symptoms(reader: Reader) -> None:
    boxes = reader.page.get_by_role("checkbox")
    reader.tab_to(boxes.first)
    reader.press("Space", "Tab", "Space")
    expect(boxes.nth(0)).to_be_checked()
    expect(boxes.nth(1)).to_be_checked()


def see_receipt(reader: Reader, lang: str) -> None:
    expect(reader.page.locator("h1")).to_have_text(NUMBER[lang])
    expect(reader.page.locator("#receipt-code")).to_have_text(RECEIPT)
    assert reader.page.locator("html").get_attribute("lang") == lang
    assert not reader.cookies
    reader.look()


def button(page: Page) -> Locator:
    return page.locator("main form[action^='/reports'] [type=submit]")
