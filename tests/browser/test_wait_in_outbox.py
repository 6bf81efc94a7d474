"""A report on a bad network: it waits on the device, nothing loses it, and it counts once."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.bad_network import BadNetwork
from tests.browser.conftest import Seat
from tests.browser.inspection import complaints
from tests.browser.reader import DESKTOP, PHONE, WITH_PICTURES, Reader, Scheme
from tests.server import Server, eventually

FORM = "/reports/new"
KEPT = "() => Object.keys(localStorage)"
RECEIPT = re.compile(r"([0-9A-Z]{4}-){5}[0-9A-Z]{4}")
GONE = ("ERR_INTERNET_DISCONNECTED", "ERR_EMPTY_RESPONSE", "ERR_FAILED", "ERR_CONNECTION", "status of 503")
NO_LOCKS = "Object.defineProperty(navigator, 'locks', { value: undefined })"
NO_STORAGE = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"
SCHEMES: tuple[Scheme, ...] = ("dark", "light")
AT_ONCE = "Math.random = () => 0"  # the least that chance makes of a pause


def test_what_was_pressed_without_a_network_is_sent_when_the_site_is_opened_again(site: Server, seat: Seat) -> None:
    reader = seat(site, PHONE, lang="en")
    page = reader.open("/")
    fill(page, "Ilmenau")
    reader.context.set_offline(True)
    press(page)
    expect(note(page)).to_contain_text("Ilmenau")
    expect(note(page).locator("[data-deed=send]")).to_be_visible()
    assert stored(site, "Ilmenau") == 0

    reader.page.close()
    reader.context.set_offline(False)
    page = reader.another_tab("/imprint")
    expect(note(page).locator("a")).to_have_text(RECEIPT)
    expect(note(page)).to_contain_text("You are number")
    assert stored(site, "Ilmenau") == 1
    assert site.rows("SELECT claimed_at IS NULL FROM report WHERE place = ?", "Ilmenau") == [(0,)]

    code = note(page).locator("code").inner_text()
    note(page).locator("a").click()
    expect(page.locator("#receipt-code")).to_have_text(code)
    note(page).locator("[data-deed=dismiss]").click()
    expect(outbox(page)).to_be_hidden()
    expect(page.locator("main")).to_be_focused()
    assert page.evaluate(KEPT) == []
    forgive(reader)


def test_a_page_that_stays_open_sends_it_when_the_network_is_back(site: Server, seat: Seat) -> None:
    reader = seat(site, PHONE)
    reader.stop_clock()  # no pause ends: it hears of the network
    page = reader.open(FORM)
    fill(page, "Suhl")
    reader.context.set_offline(True)
    press(page)
    expect(outbox(page)).to_be_focused()
    reader.context.set_offline(False)
    expect(note(page).locator("code")).to_have_text(RECEIPT)
    assert stored(site, "Suhl") == 1
    forgive(reader)


def test_the_form_is_free_for_another_report_at_once(site: Server, seat: Seat) -> None:
    reader = seat(site, PHONE)
    page = reader.open(FORM)
    reader.context.set_offline(True)
    keys = set()
    for place in ("Zella-Mehlis", "Sonneberg"):
        expect(page.locator("#report-place")).to_have_value("")
        keys.add(key_of(page))
        fill(page, place)
        press(page)
        expect(note(page).filter(has_text=place)).to_be_visible()
    assert len(keys | {key_of(page)}) == 3

    reader.context.set_offline(False)
    expect(note(page).locator("code")).to_have_count(2)
    expect(note(page).filter(has_not_text=RECEIPT)).to_have_count(0)
    assert stored(site, "Zella-Mehlis") == stored(site, "Sonneberg") == 1
    forgive(reader)


def test_twenty_retries_whose_answers_are_lost_are_one_report(site: Server, network: BadNetwork, seat: Seat) -> None:
    reader = seat(network)
    page = reader.open(FORM)
    fill(page, "Greiz")
    network.fault = "lose answer"
    press(page)
    again = note(page).locator("[data-deed=send]")
    for _ in range(20):
        before = network.posts
        again.click()
        eventually(lambda: network.posts > before, "it is sent once more")  # noqa: B023 -- asked at once
        settle(page)
    assert network.posts > 20
    assert stored(site, "Greiz") == 1

    network.fault = "none"
    again.click()
    expect(note(page).locator("code")).to_have_text(RECEIPT)
    assert stored(site, "Greiz") == 1
    assert site.rows("SELECT claimed_at IS NULL FROM report WHERE place = ?", "Greiz") == [(1,)], "the first one stands"
    forgive(reader)


def test_a_page_closed_before_the_answer_leaves_it_in_the_outbox(site: Server, network: BadNetwork, seat: Seat) -> None:
    reader = seat(network, PHONE)
    page = reader.open(FORM)
    fill(page, "Weida")
    network.fault = "hang"
    press(page)
    eventually(lambda: network.posts, "it is on its way")
    network.fault = "none"
    page = reader.come_back("/privacy")
    expect(note(page).locator("code")).to_have_text(RECEIPT)
    assert stored(site, "Weida") == 1
    forgive(reader)


def test_no_answer_in_twenty_seconds_is_no_answer(network: BadNetwork, seat: Seat) -> None:
    reader = seat(network)
    reader.stop_clock()
    page = reader.open(FORM)
    fill(page, "Triptis")
    network.fault = "hang"
    press(page)
    eventually(lambda: network.posts, "it is on its way")
    page.clock.fast_forward(19_000)
    expect(outbox(page)).to_be_hidden()
    page.clock.fast_forward(2_000)
    expect(note(page)).to_contain_text("Triptis")
    forgive(reader)


@pytest.mark.parametrize("status", [429, 504])
def test_a_site_that_asks_for_a_pause_gets_it(site: Server, network: BadNetwork, seat: Seat, status: int) -> None:
    reader, place = seat(network, lang="en"), f"Ort {status}"
    reader.page.add_init_script(AT_ONCE)
    reader.stop_clock()
    page = reader.open(FORM)
    fill(page, place)
    network.canned = (status, {"Retry-After": "120"}, b"")
    press(page)
    expect(note(page)).to_contain_text("the site cannot take it just now")
    network.canned, before = None, network.posts
    page.clock.fast_forward(115_000)
    page.evaluate("() => fetch('/healthz')")  # a way there and back, in which a hasty one would have overtaken it
    assert network.posts == before
    page.clock.fast_forward(10_000)
    expect(note(page).locator("code")).to_have_text(RECEIPT)
    assert stored(site, place) == 1
    reader.forgive("status of 5")


def test_pauses_grow_and_are_bounded(network: BadNetwork, seat: Seat) -> None:
    reader = seat(network)
    reader.page.add_init_script(AT_ONCE)
    reader.stop_clock()
    page = reader.open(FORM)
    fill(page, "Schleiz")
    network.canned = (200, {"Content-Type": "text/html"}, b"<h1>Welcome to our hotspot</h1>")
    press(page)
    expect(note(page)).to_contain_text("Schleiz")
    for seconds in (2.5, 5, 10, 20, 40, 80, 160, 300, 300):
        before = network.posts
        page.clock.fast_forward(int(seconds * 900))
        page.evaluate("() => fetch('/healthz')")
        assert network.posts == before, f"it waits {seconds} s"
        page.clock.fast_forward(int(seconds * 100) + 200)
        eventually(lambda: network.posts == before + 1, f"it is sent again after {seconds} s")  # noqa: B023 -- asked at once
        settle(page)


@pytest.mark.parametrize("script", ["", NO_LOCKS], ids=["with locks", "without locks"])
def test_of_two_tabs_one_sends(site: Server, network: BadNetwork, seat: Seat, script: str) -> None:
    reader, place = seat(network), f"Pausa {len(script)}"
    reader.context.add_init_script(script)
    page = reader.open(FORM)
    fill(page, place)
    network.fault = "hang"
    reader.context.set_offline(True)
    press(page)
    expect(note(page)).to_contain_text(place)
    reader.context.set_offline(False)
    eventually(lambda: network.posts, "one sends")
    other = reader.another_tab("/imprint")
    expect(note(other)).to_contain_text(place)
    assert network.posts == 1
    network.fault = "none"
    page.close()
    other.reload()
    if script:  # the lock of a tab that died without a word is waited for
        other.evaluate("() => localStorage.removeItem('outbox')")
    expect(note(other).locator("code")).to_have_text(RECEIPT)
    assert stored(site, place) == 1
    forgive(reader)


def test_it_leaves_the_device_only_when_its_writer_says_so_twice(site: Server, seat: Seat) -> None:
    reader = seat(site, PHONE)
    page = reader.open(FORM)
    fill(page, "Auma")
    reader.context.set_offline(True)
    press(page)
    page.once("dialog", lambda dialog: dialog.dismiss())
    note(page).locator("[data-deed=delete]").click()
    expect(note(page)).to_contain_text("Auma")
    page.once("dialog", lambda dialog: dialog.accept())
    note(page).locator("[data-deed=delete]").click()
    expect(outbox(page)).to_be_hidden()
    assert page.evaluate(KEPT) == []
    reader.context.set_offline(False)
    assert stored(site, "Auma") == 0
    forgive(reader)


def test_what_needs_a_correction_opens_with_every_value_and_then_counts(site: Server, seat: Seat, lang: str) -> None:
    reader, place = seat(site, PHONE, lang=lang), f"Neustadt {lang}"
    page = reader.open("/")
    fill(page, place)
    page.locator("main form summary").click()
    page.locator("#report-text").evaluate("field => { field.removeAttribute('maxlength'); }")
    page.locator("#report-text").fill("Nichts geht. " * 200)
    reader.context.set_offline(True)
    press(page)
    reader.context.set_offline(False)
    note(page).locator("[data-deed=correct]").click()

    expect(page.locator(".faults")).to_be_focused()
    expect(page.locator("#report-place")).to_have_value(place)
    expect(page.get_by_role("checkbox").first).to_be_checked()
    expect(page.locator("#report-text")).to_have_attribute("aria-invalid", "true")
    expect(note(page)).to_contain_text(place)  # it stays until it is stored
    with page.expect_navigation():
        press(page)
    expect(page.locator(".faults")).to_be_visible()
    expect(note(page)).to_contain_text(place)
    page.locator("#report-text").fill("Nichts geht.")
    press(page)
    expect(page.locator("#receipt-code")).to_have_text(RECEIPT)
    assert page.evaluate(KEPT) == []
    assert stored(site, place) == 1
    forgive(reader)


def test_without_an_answer_it_is_not_kept_unless_it_says_what_and_where(site: Server, seat: Seat) -> None:
    reader = seat(site, lang="en")
    page = reader.open(FORM)
    page.locator("#report-place").fill("Ronneburg")
    reader.context.set_offline(True)
    press(page)
    expect(page.locator("main [data-said]")).to_contain_text("pick at least one problem")
    expect(page.locator("#report-place")).to_have_value("Ronneburg")
    assert page.evaluate(KEPT) == []
    forgive(reader)


def test_a_device_that_keeps_nothing_keeps_the_form_as_it_is(site: Server, seat: Seat) -> None:
    reader = seat(site, PHONE)
    reader.page.add_init_script(NO_STORAGE)
    page = reader.open(FORM)
    fill(page, "Berga")
    key = key_of(page)
    reader.context.set_offline(True)
    press(page)
    expect(page.locator("main [data-said]")).to_contain_text("es zählt nur einmal")
    expect(page.locator("#report-place")).to_have_value("Berga")
    assert key_of(page) == key
    expect(outbox(page)).to_be_hidden()

    reader.context.set_offline(False)
    press(page)
    expect(page.locator("#receipt-code")).to_have_text(RECEIPT)
    assert stored(site, "Berga") == 1
    forgive(reader)


def test_one_that_is_held_is_told_that_a_person_looks_at_it(network: BadNetwork, seat: Seat) -> None:
    reader, held = seat(network, lang="en"), {"url": "/imprint", "receipt": "7K2M-9QWX", "state": "held"}
    page = reader.open(FORM)
    fill(page, "Lobenstein")
    reader.context.set_offline(True)
    press(page)
    network.canned = (200, {"Content-Type": "application/json"}, json.dumps(held).encode())
    reader.context.set_offline(False)
    expect(note(page)).to_contain_text("A person looks at it before it counts")
    expect(note(page)).not_to_contain_text("number")
    expect(note(page).locator("code")).to_have_text("7K2M-9QWX")

    network.canned = (200, {"Content-Type": "application/json"}, b'{"state": "held"}')
    fill(page, "Tanna")
    press(page)
    expect(page.locator("main [data-said]")).to_contain_text("A person looks at it before it counts")
    forgive(reader)


@pytest.mark.parametrize(
    ("status", "said", "words"),
    [
        (200, {"url": "/imprint", "receipt": "7K2M", "number": 5, "state": "uncounted"}, "What became of it"),
        (200, {"url": "/imprint", "receipt": "7K2M", "number": None, "state": "refused"}, "What became of it"),
        (410, {"error": "That is no longer here"}, "has been erased since"),
    ],
    ids=["uncounted", "refused", "erased"],
)
def test_a_late_retry_is_told_nothing_untrue(
    network: BadNetwork, seat: Seat, status: int, said: dict[str, object], words: str
) -> None:
    reader = seat(network, lang="en")
    page = reader.open(FORM)
    fill(page, "Saalburg")
    reader.context.set_offline(True)
    press(page)
    expect(note(page)).to_be_visible()  # it waits: what is sent below is the retry
    network.canned = (status, {"Content-Type": "application/json"}, json.dumps(said).encode())
    reader.context.set_offline(False)
    expect(note(page)).to_contain_text(words)
    expect(note(page)).not_to_contain_text("You are number")
    note(page).locator("[data-deed=dismiss]").click()
    assert page.evaluate(KEPT) == []
    forgive(reader)


def test_by_keyboard_one_comes_from_the_button_to_what_waits(site: Server, seat: Seat) -> None:
    reader = seat(site, lang="en")
    page = reader.open(FORM)
    reader.tab_to(page.get_by_role("checkbox").first)
    reader.press("Space")
    reader.tab_to(page.locator("#report-place"))
    reader.type("Triebes")
    reader.tab_to(page.locator("main form [type=submit]"))
    reader.context.set_offline(True)
    reader.press("Enter")
    expect(outbox(page)).to_be_focused()
    expect(outbox(page).get_by_role("status")).to_have_text("Waiting for the network")
    again = note(page).locator("[data-deed=send]")
    reader.tab_to(again)
    reader.press("Enter")
    expect(again).to_be_focused()

    reader.context.set_offline(False)
    expect(outbox(page).get_by_role("status")).to_contain_text("Sent. You are number")
    reader.tab_to(note(page).locator("a"))
    reader.tab_to(note(page).locator("[data-deed=dismiss]"))
    reader.press("Enter")
    expect(page.locator("main")).to_be_focused()
    forgive(reader)


def test_each_state_is_accessible_in_both_lights(site: Server, network: BadNetwork, seat: Seat) -> None:
    reader = seat(network, PHONE)
    page = reader.open(FORM)
    fill(page, "Hohenleuben-Langenwetzendorf an der Weißen Elster")
    page.get_by_role("checkbox").nth(1).check()
    network.fault = "lose answer"
    press(page)
    expect(note(page).locator("[data-deed=send]")).to_be_visible()
    found = look(reader, "outbox-waiting")
    network.canned = (422, {"Content-Type": "application/json"}, b'{"errors": {"text": ["Zu lang."]}}')
    settle(page)
    note(page).locator("[data-deed=send]").click()
    expect(note(page).locator("[data-deed=correct]")).to_be_visible()
    found += look(reader, "outbox-faulty")
    network.canned, network.fault = None, "none"
    fill(page, "Zeulenroda")
    reader.context.set_offline(True)
    press(page)
    reader.context.set_offline(False)
    expect(note(page).locator("code").filter(has_text=RECEIPT)).to_be_visible()
    found += look(reader, "outbox-sent")
    assert found == []
    page.emulate_media(media="print")
    expect(outbox(page)).to_be_hidden()
    forgive(reader)


def look(reader: Reader, name: str) -> list[str]:
    """What axe has to say, on a phone and a desktop, in the light and in the dark; a picture of each."""
    found = complaints(reader, name)
    if WITH_PICTURES:
        for device in (DESKTOP, PHONE):
            for scheme in SCHEMES:
                reader.turn(device, scheme)
                reader.picture(f"{name}-{device.width}-{scheme}", whole=False)
    return found


def fill(page: Page, place: str) -> Page:
    page.get_by_role("checkbox").first.check()
    page.locator("#report-place").fill(place)
    return page


def press(page: Page) -> None:
    page.wait_for_load_state()  # who is quicker than the scripts sends the form without them
    page.locator("main form[data-report] [type=submit]").click()


def settle(page: Page) -> None:
    """Wait until an attempt has ended, and the next one is planned."""
    expect(note(page).locator("[data-deed=send]")).to_have_attribute("aria-disabled", "false")
    eventually(lambda: page.evaluate("async () => !(await navigator.locks.query()).held.length"), "nothing is sent")


def outbox(page: Page) -> Locator:
    return page.locator("[data-outbox]")


def note(page: Page) -> Locator:
    """What is said of the reports on the device."""
    return outbox(page).locator("li")


def key_of(page: Page) -> str:
    return page.locator("main form[data-report] [name=key]").input_value()


def stored(site: Server, place: str) -> int:
    return int(site.rows("SELECT count(*) FROM report WHERE place = ?", place)[0][0])


def forgive(reader: Reader) -> None:
    """The browser's own words for what the test did to its network."""
    for words in GONE:
        reader.forgive(words)
