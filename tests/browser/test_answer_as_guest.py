"""A guest of the carrier answers; nobody else can carry that name."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Seat
from tests.browser.desk import join, set_up_passkey, sign_in, sign_out
from tests.browser.reader import PHONE, Reader
from tests.browser.talk import POST, comment, send, write
from tests.server import Server

GABI = "gabi@o2.example"
MODERATOR = "maja@einzelfall.example"


def test_a_guest_signs_in_by_code_answers_and_carries_the_badge(site: Server, seat: Seat) -> None:
    question, answer = "Wann ist in Altona wieder Netz?", "In Altona sind ab Montag drei neue Stationen am Netz."
    reading, guest = seat(site, PHONE), seat(site)
    write(reading, "Sabine", question)
    expect(comment(reading, question)).to_be_visible()
    approve(seat(site), site, question)

    join(guest, site, site.invite(GABI, "guest", "o2"), GABI, "Gabi")
    sign_out(guest)
    sign_in(guest, site, GABI)
    set_up_passkey(guest)
    waiting = seat(site)
    waiting.page.clock.install()
    waiting.open(POST)
    page = guest.open("/desk/answers?post=gastbeitrag-o2-netz")
    page.locator(".item").filter(has_text=question).get_by_role("link", name="Antworten").click()
    page.locator("#answer-text").fill(answer)
    guest.look()
    page.get_by_role("button", name="Antwort veröffentlichen").click()
    expect(comment(guest, answer)).to_be_visible()

    waiting.page.clock.run_for(25_000)
    news = waiting.page.locator("[data-news] p")
    expect(news).to_contain_text("1 neuer Kommentar")
    waiting.look()
    news.get_by_role("link").click()
    expect(comment(waiting, answer)).to_be_visible()

    reading.open(POST)
    official = comment(reading, answer)
    expect(official.locator("header b")).to_have_text("Gabi")
    asked = reading.page.locator("#comments li").filter(has=comment(reading, question))
    expect(asked.locator(".replies").filter(has=official)).to_be_visible()
    official.get_by_role("link", name="O2 · verifiziert").click()
    expect(reading.page).to_have_url(f"{site.url}/organisations/o2")
    expect(reading.page.locator("h1")).to_contain_text("O2")


@pytest.mark.parametrize("name", ["O2", "О２ Kundenservice"], ids=["the name", "one that looks like it"])
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_reader_cannot_sign_with_the_carriers_name(site: Server, seat: Seat, name: str, script: bool) -> None:
    reader, text = seat(site, PHONE, script=script), "Alles läuft bestens, glauben Sie mir."
    write(reader, name, text)
    page = reader.page
    expect(page.locator("#comment-name-fault")).to_contain_text("dürfen nur verifizierte Personen unterschreiben")
    expect(page.locator("#comment-text")).to_have_value(text)
    expect(page.locator("#comment-name") if script else page.locator(".faults")).to_be_focused()
    reader.look()

    page.locator("#comment-name").fill("Ein Kunde")
    send(reader)
    expect(page.locator("#comment-name-fault")).to_have_count(0)


def approve(moderator: Reader, site: Server, text: str, address: str = MODERATOR) -> None:
    """A moderator who comes in at that address publishes it; tests share their site."""
    join(moderator, site, site.invite(address, "moderator"), address, "Maja")
    moderator.open("/desk/comments")
    item = moderator.page.locator(".item").filter(has_text=text)
    item.get_by_role("button", name="Veröffentlichen").click()
    expect(item).to_have_count(0)
