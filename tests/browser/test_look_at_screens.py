"""What stands where on the first screen; and the main pages on every device, with pictures for who wants some."""

import pytest
from playwright.sync_api import Locator

from tests.browser.conftest import Seat
from tests.browser.desk import OWNER, sign_in
from tests.browser.reader import DESKTOP, PHONE, TABLET, Device, Reader
from tests.browser.talk import POST
from tests.server import Server

FOLD = 720  # pixels; what must be seen at once on a desktop
DIGITS = (56, 96)  # pixels high
TARGET = 44  # pixels a finger needs
SMALL_TARGETS = """least => [...document.querySelectorAll("button, input:not([type=checkbox], [type=hidden]), select,"
  + " summary, .chip, .bar a, .foot a")].filter(element => !element.closest(".trap") && element.checkVisibility())
  .map(element => [element.outerHTML.slice(0, 80), element.getBoundingClientRect()])
  .filter(([, { height }]) => height && height < least - 0.5).map(([html, { height }]) => `${height} px: ${html}`)"""


def test_a_phone_shows_claim_counter_and_first_field_at_once(demo_site: Server, seat: Seat, lang: str) -> None:
    reader = seat(demo_site, PHONE, lang=lang)
    page = reader.open("/")
    claim, digits, promise = page.locator("h1"), page.locator(".count data"), page.locator(".promise")
    first_field = page.locator("#report-symptoms .chip").first
    tops = [top(each) for each in (claim, digits, promise, first_field)]
    assert tops == sorted(tops)
    assert bottom(first_field) <= PHONE.height, f"the first field ends at {bottom(first_field)}"
    assert lines(claim) <= 2, f"the claim takes {lines(claim)} lines"
    assert DIGITS[0] <= font_size(digits) <= DIGITS[1]


def test_a_desktop_shows_claim_counter_and_form_above_the_fold(demo_site: Server, seat: Seat, lang: str) -> None:
    page = seat(demo_site, DESKTOP, lang=lang).open("/")
    digits, form = page.locator(".count data"), page.locator(".home-form form")
    button = form.locator("[type=submit]")
    assert bottom(digits) <= FOLD
    assert left(digits) < left(form)
    assert bottom(page.locator("#report-place")) <= FOLD
    assert bottom(button) <= FOLD, f"the button ends at {bottom(button)}"


@pytest.mark.parametrize("path", ["/", POST, "/reports/new", "/desk/sign-in"])
def test_a_finger_hits_every_control_on_a_phone(demo_site: Server, seat: Seat, path: str) -> None:
    page = seat(demo_site, PHONE).open(path)
    assert page.evaluate(SMALL_TARGETS, TARGET) == []


def test_the_lane_one_is_in_stands_in_view_on_a_phone(demo_site: Server, seat: Seat) -> None:
    reader = seat(demo_site, PHONE)
    sign_in(reader, demo_site, OWNER)
    lane = reader.open("/desk/comments?state=spam").locator(".lanes [aria-current]")
    assert 0 <= left(lane) < PHONE.width / 2


@pytest.mark.parametrize("device", [PHONE, TABLET, DESKTOP], ids=lambda device: device.name)
def test_the_main_pages_fit_in_both_lights(demo_site: Server, seat: Seat, device: Device) -> None:
    reader = seat(demo_site, device)
    shoot(reader, "home", "/")
    shoot(reader, "guest-post", POST)
    page = reader.open("/reports/new")
    page.locator("main [type=submit]:not([name])").click()
    page.locator(".faults").wait_for()
    shoot(reader, "faults")
    page.get_by_role("checkbox").first.check()
    page.locator("#report-place").fill("Hamburg")
    page.locator("main [type=submit]:not([name])").click()
    page.locator("#receipt-code").wait_for()
    shoot(reader, "receipt")
    sign_in(reader, demo_site, OWNER)
    shoot(reader, "desk", "/desk/")
    shoot(reader, "desk-spam", "/desk/comments?state=spam")


def shoot(reader: Reader, name: str, path: str = "") -> None:
    """The first screen in both lights, and the whole page in the light."""
    if path:
        reader.open(path)
    stem = f"{name}-{reader.device.width}"
    reader.picture(stem)
    reader.picture(f"{stem}-first", whole=False)
    reader.turn(reader.device, "dark")
    reader.picture(f"{stem}-dark", whole=False)
    reader.turn(reader.device, "light")


def top(element: Locator) -> float:
    return float(element.evaluate("element => element.getBoundingClientRect().top"))


def bottom(element: Locator) -> float:
    return float(element.evaluate("element => element.getBoundingClientRect().bottom"))


def left(element: Locator) -> float:
    return float(element.evaluate("element => element.getBoundingClientRect().left"))


def font_size(element: Locator) -> float:
    return float(element.evaluate("element => parseFloat(getComputedStyle(element).fontSize)"))


def lines(element: Locator) -> int:
    return round(
        float(element.evaluate("element => element.clientHeight / parseFloat(getComputedStyle(element).lineHeight)"))
    )
