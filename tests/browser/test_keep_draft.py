"""A draft stays on the device only when its writer asks, and never after it was sent."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Seat
from tests.browser.reader import PHONE
from tests.browser.test_wait_in_outbox import FORM, KEPT, RECEIPT, fill, forgive, key_of, look, outbox, press, stored
from tests.server import Server


def test_nothing_is_kept_on_the_device_while_one_types(site: Server, seat: Seat) -> None:
    reader = seat(site, PHONE)
    for path in (FORM, "/"):
        page = reader.open(path)
        fill(page, "Gotha")
        page.locator("main form summary").click()
        page.locator("#report-text").press_sequentially("Nur getippt.")
        assert page.evaluate(KEPT) == []
        page.reload()
        expect(restored(page)).to_be_hidden()
        expect(page.locator("#report-place")).to_have_value("")
    press(fill(page, "Gotha"))
    expect(page.locator("#receipt-code")).to_have_text(RECEIPT)
    assert page.evaluate(KEPT) == [], "nor when it was sent"


def test_a_draft_that_one_keeps_is_back_with_every_value_until_it_is_sent(site: Server, seat: Seat) -> None:
    reader = seat(site, PHONE, lang="en")
    page = reader.open(FORM)
    tick(page).check()
    fill(page, "Hamburg")
    page.locator("#report-district").evaluate("field => { field.value = 'Altona'; }")
    page.locator("#report-since").select_option("weeks")
    page.locator("main form summary").press("Enter")  # suggestions may still move what one points at
    page.locator("#report-text").fill("Am Bahnhof\nnichts.")
    key = key_of(page)

    page = reader.come_back("/")
    expect(restored(page)).to_be_visible()
    expect(tick(page)).to_be_checked()
    expect(page.get_by_role("checkbox").first).to_be_checked()
    for field, value in (
        ("place", "Hamburg"),
        ("district", "Altona"),
        ("since", "weeks"),
        ("text", "Am Bahnhof\nnichts."),
    ):
        expect(page.locator(f"#report-{field}")).to_have_value(value)
        expect(page.locator(f"#report-{field}")).to_be_visible()
    assert key_of(page) == key
    assert look(reader, "draft-restored") == []

    press(page)
    expect(page.locator("#receipt-code")).to_have_text(RECEIPT)
    assert page.evaluate(KEPT) == []


def test_a_draft_is_forgotten_when_its_writer_says_so(site: Server, seat: Seat) -> None:
    reader = seat(site)
    page = reader.open(FORM)
    tick(page).check()
    fill(page, "Erfurt")
    key = key_of(page)
    page.reload()
    restored(page).get_by_role("button").click()
    expect(restored(page)).to_be_hidden()
    expect(page.locator("#report-place")).to_have_value("")
    expect(page.locator("#report-symptoms")).to_be_focused()
    expect(tick(page)).not_to_be_checked()
    assert page.evaluate(KEPT) == []
    assert key_of(page) != key

    tick(page).check()
    assert page.evaluate(KEPT) == ["draft"]
    tick(page).uncheck()
    fill(page, "Erfurt")
    assert page.evaluate(KEPT) == []


def test_two_tabs_with_the_same_draft_are_one_report_with_one_receipt(site: Server, seat: Seat) -> None:
    reader = seat(site)
    page = reader.open(FORM)
    tick(page).check()
    fill(page, "Arnstadt")
    other = reader.another_tab(FORM)
    expect(other.locator("#report-place")).to_have_value("Arnstadt")

    press(page)
    expect(page.locator("#receipt-code")).to_have_text(RECEIPT)
    expect(tick(other)).not_to_be_checked()  # what was sent is not kept again
    press(other)
    expect(other.locator("#receipt-code")).to_have_text(page.locator("#receipt-code").inner_text())
    assert stored(site, "Arnstadt") == 1
    assert other.evaluate(KEPT) == []


def test_a_draft_that_finds_no_network_moves_to_the_outbox(site: Server, seat: Seat) -> None:
    reader = seat(site, PHONE)
    page = reader.open(FORM)
    tick(page).check()
    fill(page, "Torgau")
    reader.context.set_offline(True)
    press(page)
    expect(outbox(page)).to_contain_text("Torgau")
    assert [name.partition(":")[0] for name in page.evaluate(KEPT)] == ["outbox"]
    expect(tick(page)).not_to_be_checked()
    reader.context.set_offline(False)
    expect(outbox(page).locator("code")).to_have_text(RECEIPT)
    assert stored(site, "Torgau") == 1
    forgive(reader)


def test_without_script_no_draft_is_offered(site: Server, seat: Seat) -> None:
    page = seat(site, script=False).open(FORM)
    expect(tick(page)).to_be_hidden()
    expect(outbox(page)).to_be_hidden()


def tick(page: Page) -> Locator:
    return page.locator("[data-draft] input")


def restored(page: Page) -> Locator:
    return page.locator("[data-restored]")
