"""Whether it is so: a customer says it on the receipt, and on the promise's page with the code and without script."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Seat
from tests.browser.reader import Device, Reader
from tests.server import Server

SHOTS = Path(__file__).parent / "shots" / "promises"
ZONES = "claimed-mixed"  # what the demo's customers say of the five zones


def test_a_customer_answers_from_the_receipt_and_from_the_page_without_script(
    demo_site: Server, seat: Seat, device: Device, lang: str
) -> None:
    reader = seat(demo_site, device, lang=lang, script=False)
    page = reader.page
    code = report(reader)
    claim = page.locator(".claims > li").first
    claim.locator("[value=contradicted]").click()
    expect(page.locator(".claims .is-said")).to_have_count(1)
    expect(page.locator(".claims .is-said")).to_have_value("contradicted")
    shot(reader, "receipt")

    reader.open(f"/promises/?state={ZONES}")
    page.locator(".promises h2 a").first.click()
    page.locator("#answer-receipt").fill("0000-0000")
    page.get_by_role("radio").first.check()
    page.locator("main form [type=submit]").click()
    expect(page.locator(".faults")).to_be_visible()
    expect(page.locator("#answer-receipt")).to_have_value("0000-0000")
    shot(reader, "refused")
    page.locator("#answer-receipt").fill(code.lower())
    page.locator("main form [type=submit]").click()
    expect(page).to_have_url(re.compile(r"/thanks(\?|$)"))
    assert code not in page.url
    shot(reader, "thanks")
    reader.open(f"/reports/{code}")
    expect(page.locator(".claims .is-said[value=confirmed]")).to_have_count(1)


@pytest.mark.parametrize(
    "path", ["/promises/", "/promises/?state=claimed-mixed&place=berlin", "/promises/?place=kyritz"]
)
def test_the_promises_have_their_picture_taken(
    demo_site: Server, seat: Seat, path: str, device: Device, lang: str
) -> None:
    reader = seat(demo_site, device, lang=lang)
    page = reader.open(path)
    shot(reader, f"list{re.sub('[^a-z]+', '-', path)}")
    page.locator(".promises h2 a").first.click()
    expect(page.locator(".story")).to_be_visible()
    shot(reader, f"one{re.sub('[^a-z]+', '-', path)}")


def report(reader: Reader) -> str:
    """A report from Berlin, which is one of the zones; the code on its receipt."""
    page = reader.open("/reports/new")
    page.get_by_role("checkbox").first.check()
    page.locator("#report-place").fill("Berlin")
    page.locator("main form[action*='/reports'] [type=submit]").click()
    expect(page.locator("#receipt-code")).to_be_visible()
    return page.locator("#receipt-code").inner_text()


def shot(reader: Reader, name: str) -> None:
    """A picture of the page, for people to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    reader.look()
    path = SHOTS / f"{name}-{reader.device.width}-{reader.lang}.png"
    reader.page.screenshot(path=path, full_page=True)
