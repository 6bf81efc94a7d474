"""A receipt's whole life at the keyboard of a phone; what paper shows; nobody leaves without the code by mistake."""

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from app.ledger import verify
from tests.browser.conftest import Seat
from tests.browser.inspection import Inspection
from tests.browser.reader import DESKTOP, PHONE, Reader
from tests.server import Server


def test_from_report_to_erasure_by_keyboard_on_a_phone(site: Server, seat: Seat) -> None:
    reader = seat(site, PHONE, lang="en")
    seen = []
    for name in (life := Inspection(reader, whole_life(reader))):
        seen.append(name)
        reader.turn(PHONE, "light")
    assert not life.complaints
    assert len(seen) == 11
    assert not reader.cookies


def whole_life(reader: Reader) -> Iterator[str]:
    """Each page on the way, by name."""
    code = report(reader, "Gera")
    yield shot(reader, "arrival")
    reader.open(f"/reports/{code}")
    yield from answered_and_corrected(reader)
    yield from taken_back_and_erased(reader)

    reader.tab_to(reader.page.get_by_role("link", name="Find my report"))
    reader.press("Enter")
    reader.tab_to(reader.page.locator("#find-code"))
    reader.type(code.lower())
    reader.press("Enter")
    expect(reader.page.locator("h1")).to_have_text("This report is erased")
    yield shot(reader, "gone")
    reader.open("/reports/0000-0000-0000-0000-0000-0000")
    yield shot(reader, "unknown")


def answered_and_corrected(reader: Reader) -> Iterator[str]:
    page = reader.page
    press(reader, page.locator("[name=answer][value=better]"))
    expect(page.locator(".is-said")).to_have_text(re.compile("Better"))
    yield shot(reader, "answered")

    press(reader, page.get_by_role("link", name="Correct it"))
    reader.tab_to(page.locator("#report-place"))
    yield shot(reader, "correction")
    reader.press("ControlOrMeta+a", "Delete")
    press(reader, page.get_by_role("button", name="Save the correction"))
    expect(page.locator(".faults")).to_be_focused()
    yield shot(reader, "correction refused")
    reader.tab_to(page.locator("#report-place"))
    reader.type("Jena")
    press(reader, page.get_by_role("button", name="Save the correction"))
    expect(page.get_by_role("status").filter(has_text="correction is stored")).to_be_visible()
    expect(page.locator(".told")).to_contain_text("Jena")

    reader.tab_to(page.locator("#contact-email"))
    reader.type("lena")
    press(reader, page.get_by_role("button", name="Ask me once"))
    expect(page.locator("#contact-email")).to_have_attribute("aria-invalid", "true")
    yield shot(reader, "address refused")


def taken_back_and_erased(reader: Reader) -> Iterator[str]:
    page = reader.page
    press(reader, page.get_by_role("button", name="Take my report back"))
    yield shot(reader, "take it back")
    press(reader, page.get_by_role("button", name="Take it back"))
    expect(page.locator("h1")).to_have_text("You took your report back.")
    yield shot(reader, "taken back")
    press(reader, page.get_by_role("button", name="Count it again"))
    expect(page.locator("h1 data")).to_be_visible()

    with page.expect_download() as download:
        press(reader, page.get_by_role("link", name="Download my report"))
    exported = json.loads(download.value.path().read_text("utf-8"))
    assert (exported["record"]["place"], exported["state"]) == ("Jena", "counted")
    code = page.locator("#receipt-code").inner_text()
    assert verify.main([reader.url, "--receipt", code]) == 0, "corrected, taken back and counted again, it is proven"

    press(reader, page.get_by_role("button", name="Erase my report"))
    yield shot(reader, "erase")
    press(reader, page.get_by_role("button", name="Erase it for good"))
    expect(page.locator("h1")).to_have_text("Your report is erased")
    assert page.url.partition("?")[0].endswith("/reports/erased"), "the code is gone from the address too"
    yield shot(reader, "erased")


def test_nobody_leaves_a_fresh_receipt_by_mistake(site: Server, seat: Seat) -> None:
    reader = seat(site, PHONE, lang="en")
    report(reader, "Coburg")
    asked = leaving(reader)
    assert asked == ["beforeunload"], "the code was not kept"
    expect(reader.page.locator("#receipt-code")).to_be_visible()


@pytest.mark.parametrize("way", ["copy", "print", "remind", "tick", "download", "correct"])
def test_who_has_kept_the_code_is_not_asked(site: Server, seat: Seat, way: str) -> None:
    reader = seat(site, DESKTOP, lang="en")
    report(reader, "Apolda")
    page = reader.page
    if way == "copy":
        reader.context.grant_permissions(["clipboard-write"])
        page.get_by_role("button", name="Copy the code").click()
    elif way == "print":
        page.evaluate("window.print = () => dispatchEvent(new Event('beforeprint'))")
        page.get_by_role("button", name="Print").click()
    elif way == "tick":
        page.get_by_role("checkbox").check()
    elif way == "correct":
        page.get_by_role("link", name="Correct it").click()
    else:
        with page.expect_download():
            page.get_by_role("link", name={"remind": "Remind me", "download": "Download"}[way]).click()
    assert leaving(reader) == []


def test_a_tick_taken_back_asks_again_and_another_day_nobody_is_asked(site: Server, seat: Seat) -> None:
    reader = seat(site, DESKTOP, lang="en")
    code = report(reader, "Bamberg")
    page = reader.page
    page.get_by_role("checkbox").check()
    page.get_by_role("checkbox").uncheck()
    assert leaving(reader) == ["beforeunload"]
    page.get_by_role("checkbox").check()
    reader.open(f"/reports/{code}")
    page.locator("h1").click()
    assert leaving(reader) == []


def test_without_script_the_page_says_to_keep_the_code(site: Server, seat: Seat) -> None:
    reader = seat(site, PHONE, lang="en", script=False)
    page = reader.open("/reports/new")
    page.get_by_role("checkbox").first.check()
    page.locator("#report-place").fill("Bayreuth")
    page.locator("main [type=submit]:not([name])").click()
    expect(page.get_by_text("before you leave")).to_be_visible()
    expect(page.get_by_text("I have kept the code")).to_be_hidden()


def test_paper_shows_code_address_and_what_was_told(site: Server, seat: Seat) -> None:
    reader = seat(site, DESKTOP, lang="en")
    code = report(reader, "Eisenach")
    page = reader.page
    page.emulate_media(media="print")
    seen = page.evaluate("document.body.innerText")
    for words in (code, f"/reports/{code}", "Eisenach", "Your receipt", "What you told us"):
        assert words in seen, words
    for words in ("Imprint", "Erase", "Thank you", "Tell the others", "ledger", "Copy", "Remind", "Correct", "Home"):
        assert words not in seen, words
    page.emulate_media(media="screen")
    page.get_by_role("checkbox").check()


def report(reader: Reader, place: str) -> str:
    """A report by keyboard; the code on its receipt."""
    page = reader.open("/reports/new")
    reader.tab_to(page.get_by_role("checkbox").first)
    reader.press("Space")
    reader.tab_to(page.locator("#report-place"))
    reader.type(place)
    reader.press("Escape")
    press(reader, page.locator("main form[action*='/reports'] [type=submit]"))
    expect(page.locator("#receipt-code")).to_be_visible()
    return page.locator("#receipt-code").inner_text()


def press(reader: Reader, target: Locator) -> None:
    """Walk there with Tab and press Enter, as people without a mouse do."""
    reader.page.locator("#main").focus()
    reader.tab_to(target)
    reader.press("Enter")


def leaving(reader: Reader) -> list[str]:
    """Try to go home; the questions that the browser asked. Whoever is asked stays."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page: Page = reader.page
    page.on("dialog", stay)
    page.keyboard.press("Shift")  # a page that nobody has touched may not ask
    page.locator(".brand").click(no_wait_after=True)
    while not (asked or urlsplit(page.url).path == "/"):
        page.wait_for_timeout(20)
    page.remove_listener("dialog", stay)
    return asked


def shot(reader: Reader, name: str) -> str:
    """The page in both lights and at two widths."""
    for device, scheme in ((DESKTOP, "dark"), (DESKTOP, "light"), (PHONE, "dark"), (PHONE, "light")):
        reader.turn(device, scheme)  # type: ignore[arg-type]  # one of the two schemes
        reader.picture(f"receipt-{name}-{device.width}-{scheme}")
    return name
