"""Nothing moves under a finger that presses."""

from playwright.sync_api import expect

from tests.browser.conftest import Seat
from tests.browser.reader import PHONE
from tests.browser.test_wait_in_outbox import FORM, fill
from tests.server import Server


def test_what_appears_after_a_place_waits_until_the_tap_is_over(site: Server, seat: Seat) -> None:
    page = seat(site, PHONE).open(FORM)
    district, more = page.locator("#report-district"), page.locator("main form summary")
    fill(page, "Hamburg")
    expect(page.get_by_role("option").first).to_be_visible()
    more.scroll_into_view_if_needed()
    box = more.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    with page.expect_response("**/districts.json"):
        page.mouse.down()  # leaves the place, which says which one is meant
    page.wait_for_timeout(300)
    expect(district).to_be_hidden()
    page.mouse.up()

    expect(page.locator("#report-text")).to_be_visible()
    expect(district).to_be_visible()
