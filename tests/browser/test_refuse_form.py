"""Faults are named, and nothing that was typed is lost."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Seat
from tests.browser.reader import PHONE, Device, Reader
from tests.browser.talk import comment, send, write
from tests.server import Server

ERROR = {"de": "Fehler:", "en": "Error:"}
GONE = "ERR_INTERNET_DISCONNECTED"
LOST = "ERR_FAILED"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_refused_report_leads_to_the_faults_and_keeps_the_rest(
    site: Server, seat: Seat, device: Device, lang: str, script: bool
) -> None:
    reader = seat(site, device, lang=lang, script=script)
    page = reader.open("/")
    page.locator("summary").click()
    page.locator("#report-text").fill("Seit Montag ist\nalles weg & keiner hilft.")
    page.locator("#report-hotline").select_option("isolated_case")
    page.locator("#report-device").fill('Mein "altes" Gerät')
    page.get_by_role("checkbox").nth(2).check()
    page.locator("main form [type=submit]").click()

    summary = page.locator(".faults")
    expect(summary).to_be_focused()
    assert page.title().startswith(ERROR[lang])
    reader.look()
    summary.get_by_role("link").first.click()
    expect(page.locator("#report-place")).to_be_focused()
    expect(page.locator("#report-place")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#report-text")).to_have_value("Seit Montag ist\nalles weg & keiner hilft.")
    expect(page.locator("#report-hotline")).to_have_value("isolated_case")
    expect(page.locator("#report-device")).to_have_value('Mein "altes" Gerät')
    expect(page.get_by_role("checkbox").nth(2)).to_be_checked()

    page.locator("#report-place").fill("Gera")
    page.locator("main form [type=submit]").click()
    expect(page.locator("#receipt-code")).to_be_visible()


def test_a_refused_comment_without_script_leads_to_the_faults(site: Server, seat: Seat, lang: str) -> None:
    reader = seat(site, PHONE, lang=lang, script=False)
    write(reader, "", "Ohne Namen geht es nicht, aber der Text bleibt.")
    expect(reader.page.locator(".faults")).to_be_focused()
    assert reader.page.title().startswith(ERROR[lang])
    expect(reader.page.locator("#comment-text")).to_have_value("Ohne Namen geht es nicht, aber der Text bleibt.")
    reader.look()


def test_a_comment_sent_offline_stays_and_is_stored_once_when_sent_again(site: Server, seat: Seat) -> None:
    reader, text = seat(site, PHONE), "Im Zug zwischen Fulda und Kassel bricht alles ab."
    reader.open("/posts/gastbeitrag-o2-netz")
    reader.context.set_offline(True)
    fill(reader, "Ole", text)
    send(reader)
    expect(reader.page.locator("[data-said]")).to_contain_text("Die Verbindung ist abgebrochen.")
    expect(reader.page.locator("#comment-text")).to_have_value(text)

    reader.context.set_offline(False)
    send(reader)
    expect(comment(reader, text)).to_be_visible()
    assert stored(site, text) == 1
    reader.forgive(GONE)


def test_a_comment_whose_answer_was_lost_on_the_way_is_stored_once(site: Server, seat: Seat) -> None:
    reader, text = seat(site, PHONE), "Die Antwort auf diesen Kommentar ging unterwegs verloren."
    reader.open("/posts/gastbeitrag-o2-netz")
    reader.page.route("**/comments", lose_answer, times=1)
    fill(reader, "Ole", text)
    send(reader)
    expect(reader.page.locator("[data-said]")).to_contain_text("Die Verbindung ist abgebrochen.")
    assert stored(site, text) == 1

    send(reader)
    expect(comment(reader, text)).to_be_visible()
    assert stored(site, text) == 1
    reader.forgive(LOST)


def fill(reader: Reader, name: str, text: str) -> None:
    reader.page.locator("#comment-name").fill(name)
    reader.page.locator("#comment-text").fill(text)


def lose_answer(route: Route) -> None:
    """The server gets the request and answers; the reader never hears of it."""
    route.fetch()
    route.abort("failed")


def stored(site: Server, text: str) -> int:
    return int(site.rows("SELECT count(*) FROM comment WHERE text = ?", text)[0][0])
