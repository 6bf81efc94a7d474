"""The first page over a bad mobile network: 400 ms there and back, 400 kbit/s."""

from playwright.sync_api import expect

from tests.browser.conftest import Seat
from tests.browser.reader import Device
from tests.server import Server

BAD_NETWORK = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
NOTE_SHIFTS = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.shifts.push(value);
  }).observe({ type: "layout-shift", buffered: true });
}"""


def test_the_first_page_can_be_used_and_nothing_moves(demo_site: Server, seat: Seat, device: Device) -> None:
    reader = seat(demo_site, device)
    reader.context.new_cdp_session(reader.page).send("Network.emulateNetworkConditions", BAD_NETWORK)
    reader.page.add_init_script(f"({NOTE_SHIFTS})()")
    page = reader.open("/")
    before = int(page.locator(".count data").get_attribute("value") or 0)
    assert before >= 8000

    page.locator(".chip").first.click()
    place = page.locator("[name=place]")
    place.press_sequentially("Buxteh")
    expect(page.get_by_role("option").first).to_contain_text("Buxtehude")
    place.press("ArrowDown")
    place.press("Enter")
    assert page.evaluate("window.shifts") == [], "something moved under the reader's thumb"

    page.locator("form[data-report] [type=submit]").click()
    page.wait_for_url("**/reports/*")
    expect(page.get_by_role("main")).to_contain_text(f"{before + 1:,}".replace(",", "."))
